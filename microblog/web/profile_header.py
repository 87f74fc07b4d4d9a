"""The top of a person's page, kept for as long as nothing on it changes."""

from flask import render_template
from markupsafe import Markup

from microblog.domain.relationships import Person
from microblog.web.context import viewer
from microblog.web.faces import face, header_url
from microblog.web.i18n import language, zone
from microblog.web.pages import pages
from microblog.web.skeleton import markup
from microblog.web.times import full_date


def profile_header(person: Person) -> bytes:
    """Return it as this reader sees it."""
    account = person.account
    where = (language(), zone())
    seen = account.last_seen_at
    fragments = pages().fragments
    last_seen = markup(fragments.moment(seen)) if seen else ""
    key = (account, person.relationship, last_seen, viewer() is not None, *where)
    return fragments.get(
        key,
        lambda: render_template(
            "profiles/_header.html",
            account=face(account),
            about_html=Markup(account.about_html),  # noqa: S704 - sanitised when it was saved.
            header=header_url(account.header),
            fields=[
                {"label": field.label, "html": Markup(field.html)}  # noqa: S704 - sanitised as the words about them were.
                for field in account.fields
            ],
            counts=account,
            joined=full_date(account.created_at, *where),
            last_seen=last_seen,
            relationship=person.relationship,
            is_own=person.relationship.is_self,
            signed_in=viewer() is not None,
        ),
    )

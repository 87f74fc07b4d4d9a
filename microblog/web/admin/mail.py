"""Mails that are still to be sent, and those that were kept where no mail server is."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import administration
from microblog.domain.errors import NotFound
from microblog.web.admin.lists import beside, moment
from microblog.web.admin.words import job_words, mail_words
from microblog.web.context import database, require_viewer, services
from microblog.web.pages import asked_page, render

blueprint = Blueprint("mail", __name__, url_prefix="/mail")

_KEPT = 50


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show what is to be sent, and the newest of what was kept."""
    asked, mailer = asked_page(), services().mailer
    with database().read() as session:
        found = administration.list_waiting_mails(session, by=require_viewer(), page=asked)
    return render(
        "admin/mail.html",
        active="admin",
        section="mail",
        title=_("Mail"),
        jobs=found.items,
        kept=mailer.kept(_KEPT) if asked.is_first else (),
        has_server=mailer.has_server,
        is_first=asked.is_first,
        job_words=job_words,
        mail_words=mail_words,
        moment=moment,
        **beside(found),
    )


@blueprint.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show a mail that was kept."""
    try:
        mail = services().mailer.read(name)
    except KeyError:
        raise NotFound from None
    return render(
        "admin/kept_mail.html",
        active="admin",
        section="mail",
        title=mail.subject,
        mail=mail,
        moment=moment,
    )

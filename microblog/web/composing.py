"""The composer as a part of pages: what it holds, and how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import gettext as _

from microblog.domain import media, posts, timelines
from microblog.domain.drafts import Unfinished
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.media import MAX_PICTURES
from microblog.domain.paths import post_path
from microblog.domain.posts import PostView, Reminder
from microblog.domain.threads import Focus
from microblog.domain.viewer import Viewer
from microblog.ids import parse
from microblog.text.count import MAX_CODE_POINTS
from microblog.web.audience import audience
from microblog.web.browser_session import form_token
from microblog.web.context import database, require_viewer
from microblog.web.faces import viewer_slots
from microblog.web.i18n import language
from microblog.web.pages import new_key, pages, quoted_card, render
from microblog.web.pictures import ShownPicture, shown_picture
from microblog.web.sentences import reminder_sentence, sentence
from microblog.web.skeleton import html, markup

_BRIEF_SLOTS = ("csrf_token", "me", "submit_key", "audience", "text", "warning", "reply_to")
# What is given back of a warning; it was too long long before.
_MAX_WARNING = 1_000


@dataclass(frozen=True)
class Written:
    """What somebody has written so far, as they typed it.

    `reply_to` is the id of the post that it answers, as it was sent.
    """

    text: str = ""
    warning: str = ""
    visibility: str = ""
    language: str | None = None
    reply_to: str = ""
    key: str = ""
    attachment_ids: tuple[int, ...] = ()
    descriptions: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def sent(cls) -> "Written":
        """Return what a form of the composer holds."""
        form = request.form
        # Of too many, one more than may be says so.
        pictures = _ids(form.getlist("media"))[: MAX_PICTURES + 1]
        names = {id_: f"description-{id_}" for id_ in pictures}
        return cls(
            form.get("text", ""),
            form.get("warning", ""),
            form.get("visibility") or require_viewer().default_visibility,
            form.get("language") or None,
            form.get("reply_to", ""),
            form.get("key", ""),
            pictures,
            {id_: form[name] for id_, name in names.items() if name in form},
        )

    @classmethod
    def kept(cls, content: Unfinished) -> "Written":
        """Return what was kept in a draft; the form of it has the same key again."""
        reply_to = str(content.reply_to_id or "")
        return cls(
            content.text,
            content.warning,
            content.visibility,
            content.language,
            reply_to,
            content.key,
            content.attachment_ids,
        )

    @property
    def reply_to_id(self) -> int | None:
        """Return what it answers. **Raises** NotFound for what cannot be a post."""
        if not self.reply_to:
            return None
        post_id = parse(self.reply_to)
        if post_id is None:
            raise NotFound
        return post_id


def page(
    written: Written,
    *,
    errors: Mapping[str, str] | None = None,
    reminders: Sequence[Reminder] = (),
    is_unsaved: bool = False,
) -> str:
    """Return the page of the composer, with the post that is answered above it."""
    by = require_viewer()
    answered = _find_answered(by, written)
    return render(
        "composer/new.html",
        active="home",
        title=_("Reply to %(name)s", name=answered.author.name) if answered else _("Write a post"),
        answered=answered and markup(_card(by, answered)),
        written=replace(_bounded(written), reply_to=written.reply_to if answered else ""),
        submit_key=written.key or new_key(),
        audience=audience(by, written.text),
        errors=errors or {},
        reminders=[(reminder_sentence(each), each.attachment_id) for each in reminders],
        pictures=_pictures(by, written),
        # What was sent and refused is nowhere else.
        is_unsaved=is_unsaved or bool(errors or reminders),
    )


def edit_page(
    post_id: int,
    written: Written,
    *,
    errors: Mapping[str, str] | None = None,
    reminders: Sequence[Reminder] = (),
    is_unsaved: bool = False,
) -> str:
    """Return the page on which the viewer edits a post of theirs."""
    by = require_viewer()
    return render(
        "composer/edit.html",
        title=_("Edit your post"),
        action=f"/posts/{post_id}/edit",
        post_id=post_id,
        post_url=post_path(by.username, post_id),
        written=_bounded(written),
        submit_key="",
        audience=audience(by, written.text),
        errors=errors or {},
        reminders=[(reminder_sentence(each), each.attachment_id) for each in reminders],
        pictures=_pictures(by, written, post_id),
        is_unsaved=is_unsaved or bool(errors or reminders),
    )


def again(written: Written, error: Invalid) -> str:
    """Return the page once more, with what was refused at its field."""
    # A damaged key would be refused for ever; any other is still that of the same post.
    if error.code == "form_broken":
        written = replace(written, key=new_key())
    return page(written, errors={error.field: sentence(error)})


def brief(by: Viewer, answered: Focus | None = None) -> bytes:
    """Return the composer on pages to read, which is one line until somebody begins to write.

    What answers a post begins as `posts.begin_reply` says.
    """
    tongue = language()
    text = warning = reply_to = ""
    visibility = by.default_visibility
    if answered is not None:
        text = "".join(f"@{name} " for name in answered.taking_part(by))
        warning, reply_to = answered.warning, str(answered.entry.post_id)
        visibility = posts.narrower(answered.visibility, visibility)
    skeleton = pages().skeletons.get(
        "composer/_brief.html",
        _BRIEF_SLOTS,
        locale=tongue,
        visibility=visibility,
        is_reply=answered is not None,
        has_warning=warning != "",
    )
    reached = audience(by, text)
    return skeleton.fill(
        {
            **viewer_slots(by),
            "csrf_token": form_token().encode(),
            "submit_key": new_key().encode(),
            **{f"audience.{name}": html(words) for name, words in reached.items()},
            "text": html(text),
            "warning": html(warning),
            "reply_to": html(reply_to),
        }
    )


def _ids(values: Sequence[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(id_ for value in values if (id_ := parse(value)) is not None))


def _pictures(by: Viewer, written: Written, post_id: int | None = None) -> list[ShownPicture]:
    """Return the pictures of what is written or edited, with what is said of them there."""
    if not written.attachment_ids:
        return []
    with database().read() as session:
        found = media.list_own(
            session, by=by, attachment_ids=written.attachment_ids, post_id=post_id
        )
    said = written.descriptions
    return [
        shown_picture(replace(each, description=said.get(each.id, each.description)))
        for each in found
    ]


def _bounded(written: Written) -> Written:
    text, warning = written.text[:MAX_CODE_POINTS], written.warning[:_MAX_WARNING]
    return replace(written, text=text, warning=warning)


def _find_answered(by: Viewer, written: Written) -> PostView | None:
    post_id = parse(written.reply_to)
    if post_id is None:
        return None
    with database().read() as session:
        found: Any = posts.list_posts(session, by, [post_id])
    return found[0] if found else None


def _card(by: Viewer, answered: PostView) -> bytes:
    return quoted_card(timelines.entry_of(database(), by, answered.id))

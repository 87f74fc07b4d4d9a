"""What mails say: one template for each kind, from which both the text and the HTML are made."""

import re
import textwrap
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from microblog.mail.message import Mail
from microblog.moments import full_time
from microblog.text.direction import isolate, isolate_ltr

_TEMPLATES = Path(__file__).with_name("templates")
_CATALOGUES = Path(__file__).parent.with_name("translations")
_SUFFIX = ".jinja"
_WIDTH = 72
_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n")

KINDS = frozenset(path.name.removesuffix(_SUFFIX) for path in _TEMPLATES.glob(f"*{_SUFFIX}"))


def render(kind: str, locale: str, zone: str, values: Mapping[str, str]) -> Mail:
    """Return the mail of a kind in a language, with times in a zone.

    Beside the values of its kind every mail needs `server` and `home`, the name and the address of
    this server, `account`, whose mail it is ("" when nobody's), and `link`, where it leads.
    **Raises** LookupError for an unknown kind; what Jinja raises for a value that is missing.
    """
    if kind not in KINDS:
        raise LookupError(f"There is no mail of the kind {kind!r}.")
    given = {**values, "zone": zone, **_writing(locale)}
    text = _environment(locale, "txt").get_template(kind + _SUFFIX)
    context = text.new_context(given)
    return Mail(
        subject="".join(text.blocks["subject"](context)).strip(),
        text=_EMPTY_LINES.sub("\n\n", text.render(given)).strip() + "\n",
        html=_environment(locale, "html").get_template(kind + _SUFFIX).render(given),
        sender_name=values["server"],
    )


def _writing(locale: str) -> dict[str, str]:
    return {"language": locale, "direction": Locale.parse(locale, sep="-").text_direction}


@lru_cache(maxsize=64)
def _environment(locale: str, form: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=form == "html",  # noqa: S701 - the other form is plain text.
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What the templates of the kinds are put into, and what they are put together from.
    environment.globals |= {"layout": f"_layout.{form}", "parts": f"_parts.{form}"}
    environment.filters |= {"fill": _fill, "quote": _quote, "moment": _moment}
    environment.filters |= {"handle": _handle, "isolated": _isolated}
    catalogue = Translations.load(_CATALOGUES, [Locale.parse(locale, sep="-")])
    # Which the extension adds, unknown to the types.
    install: Any = environment.install_gettext_translations  # type: ignore[attr-defined]  # See above.
    install(catalogue, newstyle=True)
    return environment


def _fill(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _quote(text: str) -> str:
    """Mark each line of what somebody else typed, so that none can pass for ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())


@pass_context
def _handle(context: Context, username: str) -> str:
    """Return @name, set apart in what is written from right to left: its @ would change sides."""
    return isolate_ltr(f"@{username}", context["direction"])


@pass_context
def _isolated(context: Context, text: str) -> str:
    """Return somebody's text for a sentence, which it must not turn around."""
    return isolate(text, context["direction"])


@pass_context
def _moment(context: Context, moment: str) -> str:
    """Return a moment in full: date, time to the minute, and how far the zone is from UTC."""
    return full_time(datetime.fromisoformat(moment), context["language"], context["zone"])

"""The fields of a profile: up to four lines of a label and a text, such as a pronoun or a page."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from microblog.domain.errors import Invalid
from microblog.domain.rendering import render_text
from microblog.domain.typed import typed_line
from microblog.text.render import OWN

MOST_FIELDS = 4
FIELD_LABEL_LIMIT = 40  # Graphemes.
FIELD_TEXT_LIMIT = 200  # Graphemes.
# One grapheme can be many code points.
_CODE_POINTS = 1000


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A line of a profile: what was typed, and the HTML made of it."""

    label: str
    text: str
    html: str


def compose_fields(session: Session, typed: Iterable[tuple[str, str]]) -> tuple[ProfileField, ...]:
    """Clean, check and render pairs of label and text; empty ones are left out. **Raises** Invalid.

    A link in them says that it leads to a page of the same person.
    """
    lines = [
        (
            typed_line(label, "fields", FIELD_LABEL_LIMIT, _CODE_POINTS),
            typed_line(text, "fields", FIELD_TEXT_LIMIT, _CODE_POINTS),
        )
        for label, text in typed
    ]
    lines = [line for line in lines if any(line)]
    if not all(all(line) for line in lines):
        raise Invalid("fields", "field_half")
    if len(lines) > MOST_FIELDS:
        raise Invalid("fields", "fields_many", maximum=MOST_FIELDS)
    return tuple(
        ProfileField(label, text, render_text(session, text, OWN).html) for label, text in lines
    )


def packed(fields: Sequence[ProfileField]) -> str | None:
    """Return fields as the column keeps them."""
    return json.dumps([[f.label, f.text, f.html] for f in fields]) if fields else None


def unpacked(kept: str | None) -> tuple[ProfileField, ...]:
    """Return the fields that a column keeps."""
    return tuple(ProfileField(*field) for field in json.loads(kept)) if kept else ()

"""What people type into a field: cleaned, and refused when it is too long or cannot be read."""

from collections.abc import Callable

from microblog.domain.errors import Invalid
from microblog.text.clean import UnreadableText, clean, clean_line, is_blank
from microblog.text.count import MAX_CODE_POINTS, length


def typed_text(text: str, field: str, limit: int) -> str:
    """Return a text of several lines, or "" for a blank one.

    **Units** `limit` in graphemes, a link as 23. **Raises** Invalid.
    """
    return _checked(text, field, clean, limit, MAX_CODE_POINTS)


def typed_line(text: str, field: str, limit: int, max_code_points: int) -> str:
    """Return a text of one line, or "" for a blank one; one grapheme can be many code points.

    **Units** `limit` in graphemes. **Raises** Invalid.
    """
    return _checked(text, field, clean_line, limit, max_code_points)


def _checked(
    text: str, field: str, clean_up: Callable[[str], str], limit: int, max_code_points: int
) -> str:
    # Cleaning takes its time, and nobody has typed that much.
    if len(text) > MAX_CODE_POINTS:
        raise Invalid(field, "too_long", maximum=limit)
    try:
        cleaned = clean_up(text)
    except UnreadableText:
        raise Invalid(field, "characters") from None
    if len(cleaned) > max_code_points or length(cleaned) > limit:
        raise Invalid(field, "too_long", maximum=limit)
    return "" if is_blank(cleaned) else cleaned

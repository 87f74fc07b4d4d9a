"""What the page of a post is called: its author, and how it begins."""

from microblog.domain.posts import PostView
from microblog.text.direction import isolate
from microblog.web.i18n import text_direction

_TITLE_LENGTH = 60


def title_of(view: PostView, language: str) -> str:
    """Return the title of a post; where it is only pictures, what the first of them shows."""
    direction = text_direction(language)
    author = isolate(view.author.name, direction)
    line = " ".join(_gist(view).split())
    if not line:
        return author
    excerpt = line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1] + "…"
    return f"{author}: {isolate(excerpt, direction)}"


def _gist(view: PostView) -> str:
    described = (picture.description for picture in view.pictures)
    return view.warning or view.text or next(filter(None, described), "")

"""Render what people write as HTML that is safe wherever it is shown."""

import re
from collections.abc import Callable, Mapping

import nh3

from microblog.text.clean import LINE_END, UNREADABLE
from microblog.text.entities import Hashtag, Link, Mention, canonical_tag, find
from microblog.text.hosts import shown_host

SHOWN_PATH = 24
# What a link leads to: somewhere else, or to another page of whoever wrote it.
OTHERS, OWN = "nofollow noopener ugc", "me nofollow noopener"

# A second gate behind the escaping below: it lets pass what this file writes and nothing else.
GATE = nh3.Cleaner(
    tags={"p", "br", "a"},
    attributes={"a": {"href"}},
    tag_attribute_values={
        "a": {
            "class": {"link", "mention", "hashtag"},
            "rel": {OTHERS, OWN, "tag"},
            "target": {"_blank"},
            "dir": {"ltr", "auto"},
        }
    },
    link_rel=None,
    url_schemes={"http", "https"},
)

_HOST_END = re.compile(r"[/?#:]")
_PARAGRAPH_END = re.compile(r"\n\s*\n")


def render(
    text: str, mentions: Mapping[str, str], tag_path: Callable[[str], str], rel: str = OTHERS
) -> str:
    """Turn source text into sanitised HTML: paragraphs, line breaks, links, mentions, hashtags.

    **Shape** `mentions` maps lower-case usernames to addresses; a name it lacks stays text.
    `tag_path` makes an address of a canonical tag. White space alone gives "".
    """
    return GATE.clean(compose(text, mentions, tag_path, rel))


def compose(
    text: str, mentions: Mapping[str, str], tag_path: Callable[[str], str], rel: str = OTHERS
) -> str:
    """Write the HTML that `render` sends through the gate."""
    text = UNREADABLE.sub("\ufffd", LINE_END.sub("\n", text))
    pieces, start = [], 0
    for entity in find(text):
        pieces.append(_escape(text[start : entity.start]))
        pieces.append(_anchor(entity, mentions, tag_path, rel))
        start = entity.end
    pieces.append(_escape(text[start:]))
    paragraphs = _PARAGRAPH_END.split("".join(pieces).strip())
    return "".join(f"<p>{_break(paragraph)}</p>" for paragraph in paragraphs if paragraph)


def _anchor(
    entity: Link | Mention | Hashtag,
    mentions: Mapping[str, str],
    tag_path: Callable[[str], str],
    rel: str,
) -> str:
    match entity:
        case Link(url=url):
            # Left to right whatever surrounds it, else a right-to-left path could change places
            # with the host.
            return (
                f'<a class="link" href="{_escape_value(url)}" rel="{rel}"'
                f' target="_blank" dir="ltr">{_escape(_shown(url))}</a>'
            )
        case Mention(username=username):
            href = mentions.get(username.lower())
            if href is None:
                return f"@{username}"
            # Left to right, else the @ would stand behind the name in a text from right to left.
            return f'<a class="mention" href="{_escape_value(href)}" dir="ltr">@{username}</a>'
        case Hashtag(name=name):
            href = _escape_value(tag_path(canonical_tag(name)))
            # As its word is written, for the same reason.
            return f'<a class="hashtag" rel="tag" href="{href}" dir="auto">#{_escape(name)}</a>'


def _shown(url: str) -> str:
    """Shorten an address to its whole host and the beginning of its path."""
    address = url.partition("://")[2]
    host = _HOST_END.split(address, maxsplit=1)[0]
    path = address[len(host) :]
    if len(path) > SHOWN_PATH:
        path = path[: SHOWN_PATH - 1] + "…"
    short = host.removeprefix("www.")
    return shown_host(short if "." in short else host) + (path if path != "/" else "")


def _break(paragraph: str) -> str:
    return paragraph.replace("\n", "<br>")


def _escape(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\xa0", "&nbsp;")


def _escape_value(value: str) -> str:
    return _escape(value).replace('"', "&quot;")

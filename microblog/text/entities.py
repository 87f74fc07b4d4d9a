"""Find links, mentions and hashtags, in time that grows with the text and no faster."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from microblog.text.hosts import ascii_host
from microblog.text.pattern import unicode_pattern

MAX_URL = 2_048
MAX_TAG = 100
MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Link:
    """A web address; its url has the scheme and host in lower case and the host in ASCII."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A local `@username`, spelt as typed."""

    start: int
    end: int
    username: str


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A `#name`, spelt as typed; `canonical_tag` makes the name to look it up by."""

    start: int
    end: int
    name: str


Entity = Link | Mention | Hashtag

_WORD = r"[[\p{L}\p{M}\p{N}_]--\p{Default_Ignorable_Code_Point}]"

# Every repetition is possessive or bounded, and each alternative stops where the next one may
# start, so that no input makes the search return to what it has read.
_CANDIDATE = unicode_pattern(
    rf"""
    (?<! [{_WORD}/@] ) @ (?P<username> [A-Za-z0-9_]{{1,30}}+ ) (?! [{_WORD}@] )
    | (?<! [{_WORD}&/] ) \#
      (?P<tag>
        (?= [\p{{N}}\p{{M}}]{{0,{MAX_TAG}}}+ [\p{{L}}_] )
        (?! \p{{M}} )
        (?: {_WORD} | [\u200c\u200d] (?= {_WORD} ) ){{1,{MAX_TAG}}}+
      ) (?! {_WORD} )
    | (?<! [A-Za-z0-9_] ) [Hh][Tt][Tt][Pp][Ss]?+ ://
      (?:
        # A name before the host can pose as the host, so what has one is passed over.
        [^\s/?\#\\@]*+ @ [^\s/?\#\\]*+
        | (?P<host>
            [0-9]{{1,3}}+ (?: \.[0-9]{{1,3}}+ ){{3}} (?! \.?[A-Za-z0-9_\-] )
            | (?: [\p{{L}}\p{{M}}\p{{N}}_\-]{{1,63}}+ \. ){{1,126}}
              (?:
                # No top-level name mixes ASCII with other letters: where they meet, a sentence in a
                # language without spaces goes on.
                (?: [A-Za-z]{{1,63}}+ | [Xx][Nn]--[A-Za-z0-9\-]{{1,59}}+ ) (?! \.? [A-Za-z0-9_\-] )
                | [[\p{{L}}\p{{M}}]--[A-Za-z]]{{1,63}}+ (?! \.? [\p{{L}}\p{{M}}\p{{N}}_\-] )
              )
          )
          (?: : (?P<port> [0-9]{{1,6}}+ ) )?+
      )
    """
)

# A backslash is a slash to browsers; quotes, invisible characters and the punctuation of East
# Asian sentences never belong to an address as typed.
_PATH_TURN = unicode_pattern(
    r"""
    [
      ()\[\]{} \s \p{Z} \p{C} \p{Default_Ignorable_Code_Point} <>"\\`\u201c\u201d\xab\xbb
      \u3001-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff3b\uff3d\uff5b\uff5d\uff5f-\uff64
    ]
    """
)
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_TRAILING = ".,:;!?'*~|\u2019\u2026([{"

_NOT_IN_TAG = unicode_pattern(rf"[^{_WORD}]+")


def find(text: str) -> list[Link | Mention | Hashtag]:
    """List the entities of a text.

    **Shape** In order of their place; they never overlap.
    """
    return list(_entities(text))


def canonical_tag(name: str) -> str:
    """Fold a tag's name, without its `#`, to the one spelling it is looked up by."""
    folded = unicodedata.normalize("NFKC", name[:MAX_TAG]).casefold()
    return unicodedata.normalize("NFKC", _NOT_IN_TAG.sub("", folded))[:MAX_TAG]


def _entities(text: str) -> Iterator[Entity]:
    end = 0
    for match in _CANDIDATE.finditer(text):
        start = match.start()
        if start < end:
            continue
        if username := match["username"]:
            yield Mention(start, match.end(), username)
        elif name := match["tag"]:
            yield Hashtag(start, match.end(), name)
        elif match["host"]:
            end = _address_end(text, match)
            if link := _link(text[start:end], match):
                yield link


def _address_end(text: str, match: re.Match[str]) -> int:
    """Find where the address stops: at an unmatched closing bracket, or before its punctuation."""
    path = match.end()
    if text[path : path + 1] not in ("/", "?", "#"):
        return path
    return path + len(text[path : _path_end(text, path)].rstrip(_TRAILING))


def _path_end(text: str, path: int) -> int:
    expected: list[str] = []
    for turn in _PATH_TURN.finditer(text, path):
        mark = turn[0]
        if mark in _CLOSED_BY:
            expected.append(_CLOSED_BY[mark])
        elif not expected or expected.pop() != mark:
            return turn.start()
    return len(text)


def _link(address: str, match: re.Match[str]) -> Link | None:
    host = ascii_host(match["host"])
    if host is None or int(match["port"] or 0) > MAX_PORT:
        return None
    start = match.start()
    scheme = address.partition(":")[0].lower()
    url = f"{scheme}://{host}{address[match.end('host') - start :]}"
    return Link(start, start + len(address), url) if len(url) <= MAX_URL else None

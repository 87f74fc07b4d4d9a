"""Made-up translations: every text of the sources, in letters of another script, a third longer."""

import re
import string
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo

from tests.processes import ROOT

# Of another script, so that whatever is left in English is seen, dates and numbers too.
PERSIAN = "fa"
# For a to z.
_LETTERS = "ابجدهوزحطیکلمنسعفصقرشتثخذض"

# The words that Makefile's i18n target looks for beside gettext's own.
_OUR_KEYWORDS = ("_l", "phrase")
_WORD = re.compile(r"[A-Za-z]+")
_FILLED_IN_LATER = re.compile(r"(%\(\w+\)[sd]|\{\w+\}|%%)")


def write_catalogue(folder: Path, language: str) -> None:
    """Translate every text of the sources, and compile the catalogue where gettext looks."""
    latin = string.ascii_lowercase + string.ascii_uppercase
    script = dict(zip(map(ord, latin), _LETTERS * 2, strict=True))
    catalogue = Catalog(locale=language, fuzzy=False)
    for message in texts():
        if isinstance(message, tuple):
            forms = [_translated(message[-1], script)] * catalogue.num_plurals
            catalogue.add(message, forms)
        else:
            catalogue.add(message, _translated(message, script))
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


def texts() -> set[str | tuple[str, ...]]:
    """Return every text of the sources; one with a plural as (singular, plural)."""
    with (ROOT / "babel.cfg").open() as file:
        mapping, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's own lack.
    found = extract_from_dir(
        ROOT,
        method_map=mapping,
        options_map=options,
        keywords={**DEFAULT_KEYWORDS, **parse_keywords(_OUR_KEYWORDS)},
    )
    return {message for _, _, message, _, _ in found}


def _translated(text: str, script: dict[int, str]) -> str:
    parts = _FILLED_IN_LATER.split(text)
    return "".join(
        part if _FILLED_IN_LATER.fullmatch(part) else _WORD.sub(_stretched, part).translate(script)
        for part in parts
    )


def _stretched(word: re.Match[str]) -> str:
    """Return a word a third longer, and the same wherever it stands."""
    return word[0] + word[0][-1] * -(-len(word[0]) // 3)

"""`flask translate ...`: the catalogues of the interface and the mails, for those who tend them.

The catalogues (.po) are text in the repository; compiled ones (.mo) are made at set-up.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

_PACKAGE = Path(__file__).parent.parent
CATALOGUES = _PACKAGE / "translations"
_TEMPLATE = CATALOGUES / "messages.pot"
_CATALOGUE = Path("LC_MESSAGES") / "messages.po"
_WIDTH = "--width=100"
_HEADER = "# The texts of Microblog, under the licence of Microblog."
# What is filled in: by Python, and by the scripts of a page.
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%?")
_NUMBERS = {"%(num)s", "%(number)s"}


@click.group()
def translate() -> None:
    """Collect, update and compile the translations."""


@translate.command()
@click.argument("language")
def init(language: str) -> None:
    """Begin the catalogue of a language, such as fr or pt_BR."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        raise click.ClickException(f"{language} is no language that is known.") from None
    if (CATALOGUES / language).exists():
        raise click.ClickException(f"The catalogue of {language} is there: edit it, or update it.")
    _extract()
    _babel(
        "init", f"--input-file={_TEMPLATE}", f"--output-dir={CATALOGUES}", _WIDTH, "-l", language
    )
    click.echo(f"Translate {(CATALOGUES / language / _CATALOGUE).relative_to(_PACKAGE.parent)}.")


@translate.command()
def update() -> None:
    """Collect the texts of the sources, and bring them to every catalogue."""
    _extract()
    arguments = (f"--input-file={_TEMPLATE}", f"--output-dir={CATALOGUES}", _WIDTH)
    if any(_list_catalogues()):
        # What was translated and is no more is forgotten, and nothing is guessed.
        _babel("update", *arguments, "--no-fuzzy-matching", "--ignore-obsolete")


@translate.command("compile")
def compile_() -> None:
    """Compile the catalogues, so that the server finds them; leaves out what is broken."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    broken = 0
    for path in _list_catalogues():
        language = path.parent.parent.name
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in list(faults(catalogue)):
            broken += 1
            click.echo(f"{language}: what is filled in does not fit: {message.id!r}", err=True)
            # A text in English is better than a page that cannot be shown.
            catalogue.delete(message.id, message.context)
        # In one step, for a server may be reading the one that is there.
        fresh = path.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(path.with_suffix(".mo"))
    if broken:
        raise click.ClickException(f"{broken} translations were left out: mend them.")


def faults(catalogue: "Catalog") -> "Iterator[Message]":
    """Return the translated messages that could not be filled in, or have too few forms.

    Of the forms of a plural, one that stands for a single number may leave the number out.
    """
    for message in catalogue:
        if not message.id or not any(_forms(message.string)):
            continue
        expected = set(_PLACEHOLDER.findall(_forms(message.id)[-1]))
        forms = _forms(message.string)
        fits = all(
            set(_PLACEHOLDER.findall(form)) in (expected, expected - _NUMBERS) for form in forms
        )
        # The last form stands for most numbers, so it has to say which.
        says_number = set(_PLACEHOLDER.findall(forms[-1])) == expected
        wanted = catalogue.num_plurals if message.pluralizable else 1
        if not (fits and says_number and len(forms) == wanted and all(forms)):
            yield message


def _forms(text: "str | list[str] | tuple[str, ...] | None") -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _list_catalogues() -> list[Path]:
    return sorted(CATALOGUES.glob(f"*/{_CATALOGUE}"))


def _extract() -> None:
    _babel(
        "extract",
        f"--mapping-file={_PACKAGE.parent / 'babel.cfg'}",
        "--keywords=_l phrase",
        f"--output-file={_TEMPLATE}",
        "--project=Microblog",
        "--no-location",
        "--sort-output",
        _WIDTH,
        str(_PACKAGE.parent),
    )
    _name_project()


def _name_project() -> None:
    """Put our own names where Babel leaves gaps, so that no new catalogue begins with gaps."""
    from babel.messages.pofile import read_po, write_po

    with _TEMPLATE.open("rb") as file:
        template = read_po(file)
    template.header_comment = _HEADER
    template.version = ""
    template.msgid_bugs_address = ""
    template.last_translator = template.language_team = "Microblog"
    with _TEMPLATE.open("wb") as file:
        write_po(file, template, width=100)


def _babel(command: str, *arguments: str) -> None:
    from babel.messages.frontend import CommandLineInterface

    given = ["pybabel", "--quiet", command, *arguments]
    CommandLineInterface().run(given)  # type: ignore[no-untyped-call]  # Babel's own lack.

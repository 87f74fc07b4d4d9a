"""Templates speak through gettext, carry no code or style, and ask no other host."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.architecture.codebase import assert_none, list_files, name
from tests.architecture.templates import (
    PLACEHOLDER,
    Tag,
    Text,
    list_parts,
    read_template,
    without_expressions,
)

TEMPLATES = "microblog/web/templates"
TEMPLATE_LINES = 120

ELSEWHERE = re.compile(r"(^|[\s,])(https?:)?//", re.IGNORECASE)
SCRIPT_LINK = re.compile(r"javascript\s*:", re.IGNORECASE)

REFERENCES = {
    *("src", "href", "xlink:href", "srcset", "action", "formaction", "poster", "data"),
    *("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"),
}
SPOKEN_ATTRIBUTES = {
    *("placeholder", "title", "alt", "label", "hx-confirm", "hx-prompt"),
    *("aria-label", "aria-description", "aria-roledescription", "aria-valuetext"),
}

# Macros of the forms' own library have names of its choice.
FOREIGN_PARTS = "bootstrap5/"


def test_every_page_keeps_the_rules() -> None:
    for path in list_files(TEMPLATES, "*.html"):
        assert_none(find_problems(name(path), path.read_text(encoding="utf-8")))


def test_every_plain_text_goes_through_gettext() -> None:
    for path in list_files(TEMPLATES, "*.txt"):
        assert_none(find_plain_words(name(path), path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Follow') }}</p>",
        "<p>{% trans %}Follow{% endtrans %} · {{ name }}</p>",
        "<p>{% trans n=posts|length %}{{ n }} post{% pluralize %}{{ n }} posts{% endtrans %}</p>",
        "<p>{{ _('%(count)s posts', count=n) if n else ngettext('a', 'b', n) }}</p>",
        '<input placeholder="{{ _("Search") }}" value="typed" alt="">',
        '<input type="submit" value="{{ _(\'Send\') }}">',
        '<a class="{{ \'active\' if here else "quiet" }}" href="{{ url_for(\'web.home\') }}">1</a>',
        "<script src=\"{{ static('app.js') }}\"></script>",
        "<kbd>n</kbd><code>make run</code><b translate='no'>Microblog</b>",
        "{# A word to the next author. #}",
        "{% include '_post.html' %}{% from 'posts/_card.html' import card %}",
        "{% from 'bootstrap5/form.html' import render_field %}",
        "<option{{ ' selected' if x }} value='en'>{{ language }}</option>",
    ],
)
def test_a_good_template_is_accepted(source: str) -> None:
    assert find_problems("f.html", source) == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red"></p>',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        "<script>{{ data|tojson }}</script>",
        '<p onclick="go()"></p>',
        '<p hx-on:click="go()"></p>',
        '<p hx-vals="js:{a: b()}"></p>',
        '<a href=" JavaScript:go()"></a>',
        '<img src="https://elsewhere.example/a.png">',
        '<img src="//elsewhere.example/a.png">',
        '<img srcset="/a.png 1x, http://elsewhere.example/a.png 2x">',
        "<p>Follow</p>",
        "<p>{% if x %}Follow{% endif %}</p>",
        "<p>{% trans %}a{% endtrans %} posts</p>",
        "<p>{{ 'Follow' if x else _('Unfollow') }}</p>",
        "<p>{{ 'follow'|capitalize }}</p>",
        "<p>{{ name|default('somebody') }}</p>",
        "<p>{{ '%s posts' % n }}</p>",
        "<p>{{ n ~ ' posts' }}</p>",
        "<title>{{ name }} at home</title>",
        "<kbd>n</kbd> new post",
        '<input placeholder="Search">',
        "<input placeholder=\"{{ 'Search' }}\">",
        '<button aria-label="Follow {{ name }}"></button>',
        '<img alt="Avatar">',
        '<input type="submit" value="Send">',
        '<meta name="description" content="A server">',
        "{% include 'post.html' %}",
        "{% from 'posts/card.html' import card %}",
        "\n" * TEMPLATE_LINES + "<p>",
    ],
)
def test_a_bad_template_is_refused(source: str) -> None:
    assert len(find_problems("f.html", source)) == 1


def test_a_problem_is_found_on_its_line() -> None:
    source = "{% if x -%}\n\n<p>\n{{ _(\n'a'\n) }}\n{%- endif %}\n{# a\nb #}</p>\n<p>Follow</p>"
    assert find_problems("f.html", source)[0].startswith("f.html:10: ")


def test_plain_text_outside_gettext_is_seen() -> None:
    assert find_plain_words("f.txt", "{{ _('Hello') }},\n-- \n{{ link }}\n") == []
    assert find_plain_words("f.txt", "{{ name }}\nHello") == ["f.txt:2: say this through gettext"]


def find_problems(path: str, source: str) -> list[str]:
    problems = [*find_in_file(source), *find_in_html(source)]
    return [f"{path}:{line}: {problem}" for line, problem in problems]


def find_in_file(source: str) -> Iterator[tuple[int, str]]:
    lines = len(source.splitlines())
    if lines > TEMPLATE_LINES:
        yield lines, f"a template over {TEMPLATE_LINES} lines wants splitting"
    for part in list_parts(source):
        if not part.startswith(FOREIGN_PARTS) and not PurePosixPath(part).name.startswith("_"):
            yield 1, f"{part} is a part of pages: its name starts with _"


def find_in_html(source: str) -> Iterator[tuple[int, str]]:
    for found in read_template(source):
        problems = find_in_tag(found) if isinstance(found, Tag) else find_in_text(found)
        yield from ((found.line, problem) for problem in problems)


def find_in_tag(tag: Tag) -> Iterator[str]:
    if tag.name == "style":
        yield "styles belong in a style sheet"
    for attribute, value in tag.attributes.items():
        if attribute == "style":
            yield "styles belong in a style sheet"
        elif is_code(attribute, value):
            yield f"{attribute} holds code, which the content security policy bars"
        elif attribute in REFERENCES and ELSEWHERE.search(value):
            yield f"{attribute} leads to another host"
        elif is_spoken(tag, attribute) and has_letters(value):
            yield f"{attribute} is said without gettext"


def is_code(attribute: str, value: str) -> bool:
    evaluated = attribute.startswith(("on", "hx-on", "hx-vars"))
    return evaluated or value.startswith("js:") or bool(SCRIPT_LINK.search(value))


def is_spoken(tag: Tag, attribute: str) -> bool:
    if attribute == "value":
        return tag.name == "input" and tag.attributes.get("type") in {"submit", "button", "reset"}
    if attribute == "content":
        return tag.attributes.get("name") == "description"
    return attribute in SPOKEN_ATTRIBUTES


def find_in_text(text: Text) -> Iterator[str]:
    if text.element == "script" and text.text.strip():
        yield "scripts belong in a file of their own"
    if text.is_shown and has_letters(text.text):
        words = " ".join(text.text.replace(PLACEHOLDER, "…").split())
        yield f"“{words}” is said without gettext"


def find_plain_words(path: str, source: str) -> list[str]:
    return [
        f"{path}:{number}: say this through gettext"
        for number, line in enumerate(without_expressions(source).splitlines(), 1)
        if has_letters(line)
    ]


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)

"""A page as a browser without scripts has it: elements, what they say, where they lead."""

from html.parser import HTMLParser

_LINES = {"br", "div", "h1", "h2", "li", "p"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}


class Element:
    """An element, with what is in it."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    @property
    def classes(self) -> list[str]:
        """Return the classes."""
        return self.attributes.get("class", "").split()

    @property
    def raw_text(self) -> str:
        """Return all that is written in it, with its white space."""
        inside = "".join(c if isinstance(c, str) else c.raw_text for c in self.children)
        return inside + "\n" if self.tag in _LINES else inside

    @property
    def text(self) -> str:
        """Return all that is written in it, as one line."""
        return " ".join(self.raw_text.split())

    def all(self, tag: str = "", *classes: str, **attributes: str) -> "list[Element]":
        """Return the elements inside that have the tag, the classes and the attributes."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child._is(tag, classes, attributes):
                    found.append(child)
                found += child.all(tag, *classes, **attributes)
        return found

    def one(self, tag: str = "", *classes: str, **attributes: str) -> "Element":
        """Return the only such element."""
        found = self.all(tag, *classes, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {classes} {attributes}"
        return found[0]

    def shape(self) -> list[tuple[str, ...]]:
        """Return tags and names of attributes: what a text in a page must never change."""
        return [(found.tag, *sorted(found.attributes)) for found in self.all()]

    def _is(self, tag: str, classes: tuple[str, ...], attributes: dict[str, str]) -> bool:
        return (
            tag in ("", self.tag)
            and set(classes) <= set(self.classes)
            and all(self.attributes.get(name) == value for name, value in attributes.items())
        )


class Page(Element):
    """A whole page, or a fragment. **Raises** AssertionError for tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__("", {})
        _Reader(self).feed(html)

    @property
    def title(self) -> str:
        """Return what the window says."""
        return self.one("title").text

    @property
    def posts(self) -> list[str]:
        """Return the texts of the posts, from top to bottom."""
        return [post.one("div", "post-text").text for post in self.all("article", "post")]

    @property
    def flashes(self) -> list[str]:
        """Return the messages at the top, or those that htmx puts there."""
        places = self.all(id="flashes") + self.all(**{"hx-swap-oob": "innerHTML:#notices"})
        return [flash.text for place in places for flash in place.all("p", "flash-text")]

    @property
    def field_errors(self) -> dict[str, str]:
        """Return what is said at fields, by the field's name."""
        inputs = [*self.all("input"), *self.all("select"), *self.all("textarea")]
        errors = {}
        for field in inputs:
            for described in field.attributes.get("aria-describedby", "").split():
                if described.endswith("-error"):
                    errors[field["name"]] = self.one(id=described).text
        return errors

    @property
    def links(self) -> list[str]:
        """Return where the links lead."""
        return [link["href"] for link in self.all("a") if "href" in link.attributes]

    @property
    def people(self) -> list[str]:
        """Return the handles of the people listed in the column."""
        column = self.one("main")
        return [
            account.one("span", "account-handle").text for account in column.all("li", "account")
        ]


class _Reader(HTMLParser):
    def __init__(self, root: Element) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop().tag
        assert opened == tag, f"</{tag}> ends <{opened}>"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

"""Private messages as browsers send and show them."""

from typing import Any

from werkzeug.test import TestResponse

from tests.page import Page
from tests.visitor import Visitor

SCRIPT = {"HX-Request": "true"}


def said(page: Page) -> list[str]:
    """Return the texts of the messages on a page, as it shows them."""
    return [text.text for text in page.all("div", "message-text")]


def write(visitor: Visitor, to: str, text: str, **fields: str) -> TestResponse:
    """Write to people by their names."""
    return visitor.post("/messages", {"to": to, "text": text, **fields})


def go_on(visitor: Visitor, talk: int, text: str, **fields: str) -> TestResponse:
    """Go on in a conversation by the form of its page."""
    return visitor.post(f"/messages/{talk}", {"text": text, **fields})


def go_on_in_place(visitor: Visitor, talk: int, text: str, **fields: str) -> TestResponse:
    """Go on in a conversation by the script of its page."""
    form: dict[str, Any] = {"csrf_token": visitor.token(), "text": text, **fields}
    return visitor.open(f"/messages/{talk}", method="POST", data=form, headers=SCRIPT)


def hidden(page: Page, name: str) -> str:
    """Return what a hidden field of a page holds."""
    return page.one("input", name=name)["value"]

"""People's names, addresses and texts inside our own sentences, whichever way each is written.

As filters in templates, too: for attributes and plain texts; where HTML can be, <bdi> does it.
"""

from flask import Flask

from microblog.text.direction import isolate, isolate_ltr
from microblog.web.i18n import language, text_direction


def init_app(app: Flask) -> None:
    """Let templates say names as sentences do here."""
    app.jinja_env.filters |= {"isolated": isolated, "handle": handle, "ltr": ltr}


def isolated(text: str) -> str:
    """Return somebody's text for a sentence: a name, a title, what a server is called."""
    return isolate(text, text_direction(language()))


def handle(username: str) -> str:
    """Return @name for a sentence."""
    return ltr(f"@{username}")


def ltr(text: str) -> str:
    """Return an address, or whatever else is read from left to right everywhere."""
    return isolate_ltr(text, text_direction(language()))

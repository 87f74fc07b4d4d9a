"""Pages that list people, and the next part of such a list for "load more"."""

from typing import Any

from flask import render_template, request

from microblog.domain.pages import Page, Slice
from microblog.domain.relationships import Person
from microblog.web.context import viewer
from microblog.web.faces import listed
from microblog.web.pages import pager_html, render
from microblog.web.skeleton import markup


def list_page(
    template: str, found: Slice[Person], asked: Page, *, list_: str = "", **values: Any
) -> str:
    """Answer with a page of a list of people; `list_` says what can be done with those in it."""
    people = listed(found.items)
    pager = markup(pager_html(found, asked))
    if request.headers.get("HX-Request") and not asked.is_first:
        signed_in = viewer() is not None
        cards = render_template(
            "profiles/_people.html", people=people, signed_in=signed_in, list=list_
        )
        return f"{cards}{pager}"
    return render(
        template, people=people, pager=pager, is_first=asked.is_first, list=list_, **values
    )

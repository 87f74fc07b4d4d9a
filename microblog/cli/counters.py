"""`microblog recount`: proves the counters, and mends them."""

from functools import partial

import click
from flask import current_app

from microblog.cli.schema import require_current
from microblog.domain import counters
from microblog.domain.counters import Correction
from microblog.services import Services


@click.command()
def recount() -> None:
    """Count anew what people have and what was done with posts; say and mend what was wrong."""
    services: Services = current_app.extensions["microblog"]
    require_current(services.config)
    wrong = 0
    for counting in (counters.recount, counters.recount_posts):
        after: int | None = 0
        while after is not None:
            after, corrections = services.db.write(partial(counting, after=after))
            wrong += len(corrections)
            for found in corrections:
                click.echo(_said(found))
    click.echo(f"{wrong} counters were wrong." if wrong else "Every counter is right.")


def _said(found: Correction) -> str:
    place = f"@{found.username}" if found.post_id is None else f"@{found.username}/{found.post_id}"
    return f"{place}: {found.counter} was {found.was}, is {found.now}"

"""`microblog recount`: proves the counters, and mends them."""

from functools import partial

import click
from flask import current_app

from microblog.cli.schema import require_current
from microblog.domain import counters
from microblog.services import Services


@click.command()
def recount() -> None:
    """Count everybody's posts, followers and followed anew; say and mend what was wrong."""
    services: Services = current_app.extensions["microblog"]
    require_current(services.config)
    db = services.db
    after: int | None = 0
    wrong = 0
    while after is not None:
        start = after
        after, corrections = db.write(partial(counters.recount, after=start))
        wrong += len(corrections)
        for found in corrections:
            click.echo(f"@{found.username}: {found.counter} was {found.was}, is {found.now}")
    click.echo(f"{wrong} counters were wrong." if wrong else "Every counter is right.")

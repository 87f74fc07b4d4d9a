"""`microblog demo`: a community to look at, or large data to try things with."""

import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click
from flask import current_app

from microblog import passwords
from microblog.cli.schema import bring_up_to_date
from microblog.domain.errors import Conflict
from microblog.services import Services

if TYPE_CHECKING:
    from microblog.domain.demo import DemoReport, LargePlan

_ACCOUNTS, _POSTS = 2_000, 50_000
_POSITIVE = click.IntRange(min=1)
_NUMBER = click.IntRange(min=0)


@click.command()
@click.option("--accounts", type=_POSITIVE, help=f"Add so many people; {_ACCOUNTS} unless said.")
@click.option("--posts", type=_NUMBER, help=f"Add so many posts; {_POSTS} unless said.")
@click.option("--viewers", type=_NUMBER, default=200, help="So many of the people follow many.")
@click.option("--follows", type=_NUMBER, default=200, help="So many are those whom they follow.")
@click.option("--seed", type=int, default=1, help="Another number makes another crowd.")
def demo(accounts: int | None, posts: int | None, viewers: int, follows: int, seed: int) -> None:
    """Fill an empty server with a small community, so as to see what it is.

    With --accounts or --posts: add large data instead, also where there are posts already.
    """
    from microblog.domain.demo import LargePlan

    services: Services = current_app.extensions["microblog"]
    bring_up_to_date(services.config)
    password = secrets.token_urlsafe(12)
    password_hash = passwords.hash_password(password)
    if accounts is None and posts is None:
        report = _community(services, password_hash)
    else:
        accounts, posts = accounts or _ACCOUNTS, _POSTS if posts is None else posts
        plan = LargePlan(accounts, posts, viewers, follows, seed)
        report = _large(services, plan, password_hash)
    click.echo(f"{report.accounts:,} people wrote {report.posts:,} posts.")
    role = ", the admin," if report.is_admin else ""
    click.echo(f"Log in as {report.username}{role} with the password {password}")


def _community(services: Services, password_hash: str) -> "DemoReport":
    from microblog.domain.demo import fill_community

    try:
        return fill_community(services.db, services.storage, password_hash)
    except Conflict:
        raise click.ClickException(
            "The demo is for an empty server and this one has posts already; "
            "--accounts and --posts add large data all the same."
        ) from None


def _large(services: Services, plan: "LargePlan", password_hash: str) -> "DemoReport":
    from microblog.domain.demo import fill_large

    with ExitStack() as stack:
        report = fill_large(services.db, plan, password_hash, _Bars(stack).advance)
    click.echo(f"{report.posts_per_second:,} posts a second.")
    click.echo(
        f"{report.timeline_entries:,} timeline entries, "
        f"{report.timeline_entries_per_second:,} a second."
    )
    return report


class _Bars:
    """A progress bar for each stage in turn."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._stage = ""
        self._bar: Any = None

    def advance(self, stage: str, more: int, total: int) -> None:
        """Move the bar of a stage on, after finishing that of the stage before."""
        if stage != self._stage:
            self._stack.close()
            self._stage = stage
            self._bar = self._stack.enter_context(click.progressbar(length=total, label=stage))
        self._bar.update(more)

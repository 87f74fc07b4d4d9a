"""`microblog mail ...`: mails that were kept, where there is no mail server."""

import click
from flask import current_app

from microblog.mail import Mailer


@click.group()
def mail() -> None:
    """Read mails that were kept instead of sent."""


@mail.command(name="list")
@click.option("--limit", default=100, show_default=True, help="Print so many of them.")
def list_(limit: int) -> None:
    """Print the mails, the newest first: name, time in UTC, receiver, subject."""
    kept = _mailer().kept(limit)
    for found in kept:
        click.echo(f"{found.name}\t{found.kept_at:%Y-%m-%d %H:%M}\t{found.to}\t{found.subject}")
    if not kept:
        where = "mail goes to MAIL_SERVER" if _mailer().has_server else "none was written yet"
        click.echo(f"No mail is kept: {where}.", err=True)


@mail.command()
@click.argument("name", required=False)
def show(name: str | None) -> None:
    """Print a mail: the newest unless another one is named."""
    try:
        kept = _mailer().kept(1)
        found = _mailer().read(name or (kept[0].name if kept else ""))
    except KeyError:
        raise click.ClickException("There is no such mail: see `microblog mail list`.") from None
    # What moves a cursor stays out of a terminal.
    text = "".join(one for one in found.text if one.isprintable() or one == "\n")
    click.echo(f"To: {found.to}\nSubject: {found.subject}\n\n{text}", nl=False)


def _mailer() -> Mailer:
    mailer: Mailer = current_app.extensions["microblog"].mailer
    return mailer

"""`microblog account ...`: the operator's way to people's accounts."""

from typing import Any

import click
from flask import current_app

from microblog import passwords
from microblog.cli.schema import require_current
from microblog.domain import accounts, identity, second_factor
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.viewer import ADMIN, MEMBER, ROLES
from microblog.services import Services

_PASSWORD = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked when left out.",
)


@click.group()
def account() -> None:
    """Make and tend accounts."""
    require_current(_services().config)


@account.command()
@click.argument("username")
@click.option("--email", prompt=True, help="Address of the person.")
@click.option("--admin", is_flag=True, help="May run the server.")
@_PASSWORD
def create(username: str, email: str, password: str, *, admin: bool) -> None:
    """Make an account."""
    role = ADMIN if admin else MEMBER
    try:
        hashed = passwords.hash_password(accounts.check_password(password, username, email))
        registration = Registration(username, email, hashed, role)
        _services().db.write(lambda session: accounts.register(session, registration))
    except Invalid as error:
        raise click.ClickException(_words(error)) from None
    click.echo(f"@{username} is made.")


@account.command(name="list")
def list_() -> None:
    """Print all accounts of this server: name, role, address, day they came."""
    after = 0
    while True:
        with _services().db.read() as session:
            rows = accounts.list_accounts(session, after=after)
        for person, user in rows:
            click.echo(f"@{person.username}\t{user.role}\t{user.email}\t{user.created_at:%Y-%m-%d}")
        if not rows:
            return
        after = rows[-1][0].id


@account.command()
@click.argument("username")
@click.argument("role", type=click.Choice(ROLES), default=ADMIN)
def promote(username: str, role: str) -> None:
    """Give a person a role, admin unless another one is named."""
    try:
        _services().db.write(lambda session: accounts.promote(session, username, role))
    except NotFound:
        raise click.ClickException(f"There is no @{username}.") from None
    click.echo(f"@{username} is {role} now.")


@account.command()
@click.argument("username")
@_PASSWORD
def reset_password(username: str, password: str) -> None:
    """Set a person's password and sign them out everywhere; they are told by mail."""
    try:
        hashed = passwords.hash_password(accounts.check_password(password, username))
        _services().db.write(lambda session: identity.set_password(session, username, hashed))
    except NotFound:
        raise click.ClickException(f"There is no @{username}.") from None
    except Invalid as error:
        raise click.ClickException(_words(error)) from None
    click.echo(f"@{username} has a new password and is signed out everywhere.")


@account.command()
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Let a person in by their password alone; they are told by mail."""

    def act(session: Any) -> bool:
        account_id = accounts.find_id_by_username(session, username)
        if account_id is None:
            raise NotFound
        return second_factor.switch_off(session, account_id)

    try:
        was_on = _services().db.write(act)
    except NotFound:
        raise click.ClickException(f"There is no @{username}.") from None
    if was_on:
        click.echo(f"@{username} logs in by password alone now.")
    else:
        click.echo(f"@{username} has no second factor.")


def _services() -> Services:
    services: Services = current_app.extensions["microblog"]
    return services


def _words(error: Invalid) -> str:
    limits = ", ".join(f"{name} {value}" for name, value in error.values.items())
    return f"{error.field}: {error.code.replace('_', ' ')}" + (f" ({limits})" if limits else "")

"""`microblog config`: every setting, in words."""

from dataclasses import fields

import click

from microblog.config import Config, describe


@click.command()
@click.option("--markdown", is_flag=True, help="Print the table of docs/configuration.md.")
def config(*, markdown: bool) -> None:
    """Print every setting with its type, its default and what it is for."""
    rows = [describe(setting) for setting in fields(Config)]
    if markdown:
        click.echo(markdown_table(rows))
        return
    for name, kind, default, help_ in rows:
        click.echo(f"{name} ({kind}, default: {default})\n    {help_}")


def markdown_table(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the settings as a Markdown table."""
    lines = ["| setting | type | default | what it is for |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {kind} | {default} | {help_} |" for name, kind, default, help_ in rows]
    return "\n".join(lines)

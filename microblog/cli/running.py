"""`flask run` is a whole server: a worker runs beside it, in a thread."""

import os
import threading

import click
from flask import Flask
from werkzeug.serving import is_running_from_reloader

from microblog import error_mail
from microblog.services import Services
from microblog.worker import Worker

_PATIENCE_SECONDS = 5.0


def run_beside(app: Flask) -> None:
    """Start a worker thread when this application was made by `flask run`."""
    context = click.get_current_context(silent=True)
    if context is None or not _is_run_command(context):
        return
    # With the reloader, the first process only watches the second one.
    if _uses_reloader(context) and not is_running_from_reloader():
        return
    services: Services = app.extensions["microblog"]
    error_mail.install(services.db, services.config.ADMINS)
    stop = threading.Event()
    # A daemon, should it not end in time: whatever it was at is done again at the next start.
    thread = threading.Thread(target=Worker(services).run, args=(stop,), daemon=True)
    thread.start()

    def end() -> None:
        # It finishes what it is at, as beside `serve`.
        stop.set()
        thread.join(_PATIENCE_SECONDS)

    context.call_on_close(end)


def _is_run_command(context: click.Context) -> bool:
    return context.info_name == "run" or context.invoked_subcommand == "run"


def _uses_reloader(context: click.Context) -> bool:
    wanted = context.params.get("reload")
    debug = os.environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no")
    return debug if wanted is None else bool(wanted)

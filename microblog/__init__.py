"""Microblog: a complete microblogging server. create_app() joins its parts and holds no rule."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from microblog import cli, datafolder, ids, web
from microblog.config import Config
from microblog.services import Services

__version__ = "0.1.0"


class Microblog(Flask):
    """Flask, without looking at each call whether a function is asynchronous: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(config: Config | None = None) -> Flask:
    """Make the application. **Raises** ConfigError when the settings or the data folder are bad."""
    config = config or Config.load()
    folder = datafolder.prepare(config)
    ids.claim_tag(folder.locks, config.MACHINE)
    app = Microblog(__name__, static_folder=None, template_folder="web/templates")
    app.config.from_object(config)
    app.config["SECRET_KEY"] = folder.secret_key
    app.extensions["microblog"] = Services.of(config, folder)
    web.init_app(app)
    cli.init_app(app)
    return app

"""Microblog: a complete microblogging server. create_app() joins its parts and holds no rule."""

import gc
from collections.abc import Callable
from typing import Any

# What is imported stays: looking for garbage in it, again and again, takes a third of the time.
gc.disable()

from flask import Flask

from microblog import cli, web
from microblog.config import Config
from microblog.services import Services
from microblog.web.routes import LateRule

gc.freeze()
gc.enable()

__version__ = "0.1.0"


class Microblog(Flask):
    """Flask, without looking at each call whether a function is asynchronous: none is."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(config: Config | None = None) -> Flask:
    """Make the application. **Raises** ConfigError when the settings or the data folder are bad."""
    config = config or Config.load()
    services = Services.open(config)
    app = Microblog(__name__, static_folder=None, template_folder="web/templates")
    app.config.from_object(config)
    app.config["SECRET_KEY"] = services.folder.secret_key
    app.extensions["microblog"] = services
    web.init_app(app)
    cli.init_app(app)
    return app

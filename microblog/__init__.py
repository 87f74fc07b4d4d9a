"""Microblog: a complete microblogging server. create_app() joins its parts and holds no rule."""

import gc
from collections.abc import Callable
from typing import Any

# What is imported stays: looking for garbage in it, again and again, takes a third of the time.
gc.disable()

from flask import Flask
from werkzeug.routing import Rule

from microblog import cli, web
from microblog.config import Config
from microblog.services import Services

gc.freeze()
gc.enable()

__version__ = "0.1.0"


class LateRule(Rule):
    """A route whose addresses are first put together when one is asked for.

    Werkzeug writes and compiles two functions for each route beforehand, which took half of the
    time that an application takes to make.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []

        def build(*args: Any, **values: Any) -> Any:
            if not made:
                made.append(super(LateRule, self)._compile_builder(append_unknown))
            return made[0](*args, **values)

        return build


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

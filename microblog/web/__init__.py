"""The HTML interface: pages, forms and fragments. It queries nothing; the domain answers it."""

from flask import Flask

from microblog.web import (
    about,
    account_settings,
    acting,
    admin,
    assets,
    bookmarks,
    completion,
    composer,
    compression,
    confirmations,
    context,
    conversations,
    converters,
    drafts,
    editing,
    errors,
    explore,
    favourites,
    history,
    home,
    i18n,
    keys,
    language,
    media,
    messages,
    names,
    notification_settings,
    notifications,
    numbers,
    people,
    people_settings,
    posts,
    presence,
    profiles,
    rates,
    reactions,
    registrations,
    relationships,
    request_log,
    resets,
    second_factor,
    second_steps,
    security,
    security_settings,
    sessions,
    settings,
    setup,
    tags,
    translations,
    updates,
    uploads,
)
from microblog.web.pages import Pages

_RESOURCES = (
    about,
    account_settings,
    acting,
    admin,
    assets,
    bookmarks,
    completion,
    composer,
    confirmations,
    drafts,
    editing,
    conversations,
    explore,
    favourites,
    history,
    home,
    keys,
    language,
    media,
    messages,
    notification_settings,
    notifications,
    people,
    people_settings,
    posts,
    profiles,
    reactions,
    registrations,
    relationships,
    resets,
    second_factor,
    second_steps,
    security_settings,
    sessions,
    settings,
    setup,
    tags,
    translations,
    updates,
    uploads,
)


def init_app(app: Flask) -> None:
    """Give an application the HTML interface."""
    converters.init_app(app)
    context.init_app(app)
    request_log.init_app(app)
    security.init_app(app)
    compression.init_app(app)
    i18n.init_app(app)
    names.init_app(app)
    numbers.init_app(app)
    errors.init_app(app)
    rates.init_app(app)
    presence.init_app(app)
    for resource in _RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.extensions["microblog_pages"] = Pages(app)

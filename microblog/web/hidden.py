"""Where admins find the people whose pages nobody sees."""

from flask import request, url_for

from microblog.domain import administration
from microblog.web.context import database, viewer


def hidden_person_url() -> str | None:
    """Return where an admin finds the suspended person whose page was asked for in vain."""
    by = viewer()
    username = (request.view_args or {}).get("username")
    if by is None or not by.is_admin or username is None:
        return None
    with database().read() as session:
        found = administration.find_hidden(session, by=by, username=username)
    return url_for("admin.accounts.show", account_id=found) if found else None

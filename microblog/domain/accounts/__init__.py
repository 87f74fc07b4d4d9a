"""Accounts: registering, finding and editing the people of this server."""

from microblog.domain.accounts.fields import (
    FIELD_LABEL_LIMIT,
    FIELD_TEXT_LIMIT,
    MOST_FIELDS,
    ProfileField,
)
from microblog.domain.accounts.profile import (
    ABOUT_LIMIT,
    DISPLAY_NAME_LIMIT,
    THEMES,
    ProfileDraft,
    choose_locale,
    compose_profile,
    edit_preferences,
    edit_profile,
)
from microblog.domain.accounts.reading import (
    ACCOUNT_COLUMNS,
    AccountView,
    find_id_by_username,
    get_by_username,
    get_username,
    list_accounts,
)
from microblog.domain.accounts.registration import (
    Registration,
    promote,
    register,
    rehash_password,
    set_password,
)
from microblog.domain.accounts.rules import (
    canonical_email,
    check_password,
    check_username,
    handle_of,
)

__all__ = [
    "ABOUT_LIMIT",
    "ACCOUNT_COLUMNS",
    "DISPLAY_NAME_LIMIT",
    "FIELD_LABEL_LIMIT",
    "FIELD_TEXT_LIMIT",
    "MOST_FIELDS",
    "THEMES",
    "AccountView",
    "ProfileDraft",
    "ProfileField",
    "Registration",
    "canonical_email",
    "check_password",
    "check_username",
    "choose_locale",
    "compose_profile",
    "edit_preferences",
    "edit_profile",
    "find_id_by_username",
    "get_by_username",
    "get_username",
    "handle_of",
    "list_accounts",
    "promote",
    "register",
    "rehash_password",
    "set_password",
]

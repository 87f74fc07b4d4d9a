"""What a username, an e-mail address and a password must be."""

import re

from email_validator import EmailNotValidError, validate_email

from microblog.common_passwords import is_common
from microblog.domain.errors import Invalid
from microblog.models.account import USERNAME_LENGTH
from microblog.models.user import EMAIL_LENGTH
from microblog.passwords import MAX_BYTES, MIN_BYTES

# Shorter names are parts of ordinary words.
_TELLING_LENGTH = 3
_USERNAME = re.compile(rf"[A-Za-z0-9_]{{1,{USERNAME_LENGTH}}}")

# Names that a path, a role or a mailbox of the server goes by, or could be mistaken for.
RESERVED = frozenset(
    """
    abuse about account accounts activitypub actor admin administrator api app apps assets auth
    blog bookmarks bot contact copyright dev edit everyone explore favicon favourites feed feeds
    follow followers following follows help here home host hostmaster ico identicons inbox index
    info instance invite invites jobs legal lists login logout mail mailer_daemon media me messages
    microblog moderation moderator moderators mods news no_reply nobody nodeinfo noreply
    notifications oauth oembed official outbox owner people postmaster post posts privacy
    profile public register registration relay report reports robots root rss search security
    server session sessions settings setup share signin signout signup ssl staff static status
    statuses stats streaming support sysadmin system tag tags team terms timelines tos trust
    updates user username users web webfinger webmaster well_known www you
    """.split()  # noqa: SIM905 - a list of literals would be two hundred lines of quotes.
)


def check_username(username: str) -> str:
    """Return a username that may be registered, as typed. **Raises** Invalid."""
    if not _USERNAME.fullmatch(username):
        raise Invalid("username", "username_characters", maximum=USERNAME_LENGTH)
    if username.lower() in RESERVED:
        raise Invalid("username", "username_reserved")
    return username


def handle_of(username: str) -> str:
    """Return what a person of this server is looked up by; "", nobody's, for what is no name."""
    return username.lower() if _USERNAME.fullmatch(username) else ""


def canonical_email(address: str) -> str:
    """Return the form in which an address is kept and compared. **Raises** Invalid."""
    if len(address) > EMAIL_LENGTH:
        raise Invalid("email", "email_malformed")
    try:
        # Whether mail arrives there is for the mail to find out; a lookup here could hang. Our mail
        # is sent by servers that know no other letters than ASCII before the @.
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Invalid("email", "email_malformed") from None
    return checked.normalized.lower()


def check_password(password: str, username: str = "", email: str = "") -> str:
    """Return a password that may be set by somebody of that name and address. **Raises** Invalid.

    Common ones are refused, and what is little more than a name or an address.
    """
    try:
        size = len(password.encode())
    except UnicodeEncodeError:
        raise Invalid("password", "characters") from None
    if size < MIN_BYTES:
        raise Invalid("password", "password_short", minimum=MIN_BYTES)
    if size > MAX_BYTES:
        raise Invalid("password", "password_long", maximum=MAX_BYTES)
    if is_common(password):
        raise Invalid("password", "password_common")
    if any(_is_made_of(password, part) for part in _known_parts(username, email)):
        raise Invalid("password", "password_personal")
    return password


def _known_parts(username: str, email: str) -> list[str]:
    """Return what everybody may know of somebody, the longest first."""
    mailbox, _, host = email.partition("@")
    site = host.split(".", maxsplit=1)[0]
    return [part.lower() for part in (email, host, mailbox, username, site) if part]


def _is_made_of(password: str, part: str) -> bool:
    """Tell whether a password without the part would be too easy, or nothing at all."""
    lower = password.lower()
    if len(part) < _TELLING_LENGTH:
        return not lower.replace(part, "")
    rest = lower.replace(part, "")
    return rest != lower and (len(rest.encode()) < MIN_BYTES or is_common(rest))

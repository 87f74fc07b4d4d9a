"""The settings: each once, with its type, its default and one line of help.

This is the only reader of the environment. The names that the Flask Mega-Tutorial uses are kept.
"""

import difflib
import ipaddress
import os
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import click
from babel import Locale, UnknownLocaleError
from dotenv import dotenv_values

_DOTENV_FILES = (".flaskenv", ".env")
# Names in a .env file that are somebody else's: Flask's own, and what Python and its tools read.
_FOREIGN_PREFIXES = ("FLASK_", "PYTHON", "WERKZEUG_")
MIN_SECRET_BYTES = 16


class ConfigError(click.ClickException):
    """A setting cannot be used; the message is one sentence for the person who runs the server.

    Whatever command meets it prints that sentence and ends with status 1.
    """


def _setting(default: Any, help_: str) -> Any:
    return field(default=default, metadata={"help": help_})


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting. Make it with `Config.load`; Flask takes it with `from_object`."""

    DATA_DIR: Path = _setting(Path("data"), "Folder of the database, media, logs and secret key.")
    SECRET_KEY: str | None = _setting(
        None, "Signs cookies and tokens; made on first start and kept in DATA_DIR when unset."
    )
    DATABASE_URL: str | None = _setting(
        None, "SQLAlchemy URL of the database; a SQLite file in DATA_DIR when unset."
    )
    HOST: str = _setting("127.0.0.1", "Address the server listens on; 0.0.0.0 for every one.")
    PORT: int = _setting(5000, "Port the server listens on.")
    PUBLIC_URL: str | None = _setting(
        None, "Address people type, such as https://example.org; http://localhost:PORT when unset."
    )
    TRUSTED_HOSTS: tuple[str, ...] = _setting(
        (), "Other host names this server answers to, separated by commas."
    )
    WEB_WORKERS: int = _setting(0, "Web worker processes; 0 for one per processor core.")
    WEB_THREADS: int = _setting(
        8, "Threads in each web worker; half of them may wait for somebody's slow upload."
    )
    MACHINE: int = _setting(0, "Number of this machine, 0 to 15, where several share a database.")
    POSTS_PER_PAGE: int = _setting(20, "Posts on a page of a timeline, 1 to 100.")
    LANGUAGES: tuple[str, ...] = _setting(
        ("en", "es", "de", "ar", "ja"),
        "Languages of the interface, separated by commas; the first is the default.",
    )
    CARD_CACHE_BYTES: int = _setting(
        16_000_000, "Memory that each web worker may fill with rendered posts, in bytes."
    )
    SESSION_DAYS: int = _setting(1, "Days a sign-in lasts without 'remember me'.")
    REMEMBER_DAYS: int = _setting(60, "Days a sign-in lasts with 'remember me'.")
    GRAVATAR_URL: str = _setting(
        "https://gravatar.com/avatar/", "Where pictures are fetched for people who ask for that."
    )
    LOG_TO_STDOUT: bool = _setting(False, "Log to standard output instead of files in DATA_DIR.")
    LOG_FILE_BYTES: int = _setting(10_000_000, "Size at which a log file is rotated, in bytes.")
    LOG_FILE_COUNT: int = _setting(5, "Rotated log files kept for each process.")
    SESSION_IDLE_DAYS: int = _setting(30, "Days without a visit after which a sign-in ends.")
    RESET_MINUTES: int = _setting(10, "Minutes in which the link that resets a password works.")
    CONFIRM_HOURS: int = _setting(48, "Hours in which the link that confirms an address works.")
    DELETE_DAYS: int = _setting(7, "Days in which the deletion of an account can be called off.")
    SECURITY_LOG_DAYS: int = _setting(90, "Days for which sign-ins and changes are remembered.")
    NOTIFICATION_DAYS: int = _setting(90, "Days for which people find what they were told.")
    TRUSTED_PROXIES: tuple[str, ...] = _setting(
        (), "Networks of reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8."
    )
    MAIL_SERVER: str | None = _setting(
        None, "Mail server; without one, mails are kept in DATA_DIR to be read there."
    )
    MAIL_PORT: int = _setting(25, "Port of the mail server.")
    MAIL_USE_TLS: bool = _setting(False, "Encrypt mail by STARTTLS, usual at port 587.")
    MAIL_USE_SSL: bool = _setting(False, "Encrypt mail from the first byte, usual at port 465.")
    MAIL_USERNAME: str | None = _setting(None, "Login at the mail server.")
    MAIL_PASSWORD: str | None = _setting(None, "Password at the mail server.")
    MAIL_SENDER: str | None = _setting(
        None, "Address mails come from; no-reply@ the host of PUBLIC_URL when unset."
    )
    ADMINS: tuple[str, ...] = _setting((), "Addresses that are told of errors, by mail.")
    MS_TRANSLATOR_KEY: str | None = _setting(
        None, "Key of Azure Translator, to translate posts; without a translator, nobody is asked."
    )
    MS_TRANSLATOR_REGION: str = _setting("", "Region of the Azure resource; a global one has none.")
    MS_TRANSLATOR_URL: str = _setting(
        "https://api.cognitive.microsofttranslator.com", "Endpoint of Azure Translator."
    )
    LIBRETRANSLATE_URL: str | None = _setting(
        None, "LibreTranslate server, such as http://localhost:5005; it wins over Azure."
    )
    LIBRETRANSLATE_KEY: str | None = _setting(None, "Key of that server, if it asks for one.")
    ELASTICSEARCH_URL: str | None = _setting(None, "Search server. Not used by this version.")
    REDIS_URL: str | None = _setting(
        None, "Redis where posts, follows and uploads are counted; each process counts when unset."
    )
    LIMIT_FACTOR: int = _setting(1, "Multiplies how often one may post, follow and upload.")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> "Config":
        """Read .flaskenv and .env in `folder`, then the environment, which wins.

        **Raises** ConfigError for a value that cannot be used and for an unknown name in a file.
        """
        values: dict[str, str] = {}
        for name in _DOTENV_FILES:
            values |= _read_dotenv((folder or Path()) / name)
        values |= os.environ if environ is None else environ
        settings = {f.name: _parse(f, values[f.name]) for f in fields(cls) if f.name in values}
        config = cls(**settings)
        config._check()
        return config

    @property
    def database_url(self) -> str:
        """Return the URL for SQLAlchemy, with the driver this program brings along."""
        url = self.DATABASE_URL or f"sqlite:///{self.DATA_DIR.resolve() / 'microblog.db'}"
        scheme, separator, rest = url.partition("://")
        drivers = {
            "postgres": "postgresql+psycopg",
            "postgresql": "postgresql+psycopg",
            "mysql": "mysql+pymysql",
            "mariadb": "mysql+pymysql",
        }
        return drivers.get(scheme, scheme) + separator + rest

    @property
    def public_url(self) -> str:
        """Return the address people type, without a slash at its end."""
        return (self.PUBLIC_URL or f"http://localhost:{self.PORT}").rstrip("/")

    @property
    def is_https(self) -> bool:
        """Tell whether people reach the server by https."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Return the host names that requests may be for, without ports."""
        hosts = {urlsplit(self.public_url).hostname or "localhost", *self.TRUSTED_HOSTS}
        if self.PUBLIC_URL is None or self.listens_on_loopback:
            hosts |= {"localhost", "127.0.0.1", "[::1]"}
        return sorted(hosts)

    @property
    def listens_on_loopback(self) -> bool:
        """Tell whether only programs of this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.HOST).is_loopback
        except ValueError:
            return self.HOST == "localhost"

    def _check(self) -> None:
        if self.SECRET_KEY is not None and len(self.SECRET_KEY.encode()) < MIN_SECRET_BYTES:
            raise ConfigError(
                f"SECRET_KEY is shorter than {MIN_SECRET_BYTES} characters: set a long random one, "
                "or leave it unset and one is made for you."
            )
        for name, low, high in _RANGES:
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"{name} must be from {low} to {high}.")
        if not self.LANGUAGES:
            raise ConfigError("LANGUAGES must name at least one language, such as en.")
        for tag in self.LANGUAGES:
            try:
                Locale.parse(tag, sep="-")
            except (UnknownLocaleError, ValueError):
                raise ConfigError(f"LANGUAGES names {tag!r}, which is no language.") from None
        self._check_addresses()

    def _check_addresses(self) -> None:
        public = _split_address(self.public_url)
        if public is None or public.path or public.query or public.fragment:
            raise ConfigError(
                "PUBLIC_URL must be an address such as https://example.org, without a path."
            )
        for name in ("GRAVATAR_URL", "MS_TRANSLATOR_URL", "LIBRETRANSLATE_URL"):
            address = getattr(self, name)
            if address is not None and _split_address(address) is None:
                raise ConfigError(f"{name} must be an http or https address.")
        for network in self.TRUSTED_PROXIES:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ConfigError(f"TRUSTED_PROXIES names {network!r}: no network.") from None
        # "redis://" alone, as the tutorial has it, means this very machine.
        redis = self.REDIS_URL or ""
        if redis not in ("", "redis://") and _split_address(redis, "redis", "rediss") is None:
            raise ConfigError("REDIS_URL must be an address such as redis://localhost:6379/0.")
        if not _DATABASE.match(self.database_url):
            raise ConfigError(
                "DATABASE_URL must begin with sqlite:///, postgresql:// or mysql://, as in "
                "postgresql://user:password@localhost/microblog."
            )


def _split_address(address: str, *schemes: str) -> SplitResult | None:
    """Return the parts of an address of one of the schemes; None for what is none."""
    try:
        url = urlsplit(address)
        url.port  # noqa: B018 - it is read only now, and may be no number.
    except ValueError:
        return None
    return url if url.scheme in (schemes or ("http", "https")) and url.hostname else None


_DATABASE = re.compile(r"(sqlite:///|(postgresql|mysql|mariadb)\+\w+://).")
_RANGES = (
    ("PORT", 1, 65_535),
    ("WEB_WORKERS", 0, 256),
    ("WEB_THREADS", 2, 64),
    ("MACHINE", 0, 15),
    ("POSTS_PER_PAGE", 1, 100),
    ("CARD_CACHE_BYTES", 0, 2**40),
    ("SESSION_DAYS", 1, 365),
    ("REMEMBER_DAYS", 1, 3650),
    ("SESSION_IDLE_DAYS", 1, 3650),
    ("RESET_MINUTES", 1, 1440),
    ("CONFIRM_HOURS", 1, 720),
    ("DELETE_DAYS", 0, 365),
    ("SECURITY_LOG_DAYS", 1, 3650),
    ("NOTIFICATION_DAYS", 1, 3650),
    ("LOG_FILE_BYTES", 1000, 2**40),
    ("LOG_FILE_COUNT", 1, 1000),
    ("MAIL_PORT", 1, 65_535),
    ("LIMIT_FACTOR", 1, 1_000_000),
)


def describe(setting: Field[Any]) -> tuple[str, str, str, str]:
    """Return name, type, default and help of a setting, in words."""
    default = setting.default
    if isinstance(default, bool):
        shown = "on" if default else "off"
    elif isinstance(default, tuple):
        shown = ",".join(default) or "empty"
    else:
        shown = "unset" if default is None else str(default)
    kind = _TYPE_WORDS[_plain_type(setting)]
    return setting.name, kind, shown, setting.metadata["help"]


def _read_dotenv(path: Path) -> dict[str, str]:
    known = {f.name for f in fields(Config)}
    values = {}
    for name, value in dotenv_values(path).items():
        if name.startswith(_FOREIGN_PREFIXES):
            continue
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise ConfigError(f"{path.name} sets {name}, which is no setting of Microblog.{hint}")
        values[name] = value or ""
    return values


def _parse(setting: Field[Any], text: str) -> Any:
    kind = _plain_type(setting)
    text = text.strip()
    if not text and setting.name != "SECRET_KEY":
        return setting.default
    if kind is bool:
        return _parse_bool(setting.name, text)
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{setting.name} must be a whole number, not {text!r}.") from None
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return Path(text) if kind is Path else text


def _parse_bool(name: str, text: str) -> bool:
    lower = text.lower()
    if lower in ("1", "true", "yes", "on"):
        return True
    if lower in ("0", "false", "no", "off"):
        return False
    raise ConfigError(f"{name} must be 1 or 0, not {text!r}.")


def _plain_type(setting: Field[Any]) -> type:
    hint = typing.get_type_hints(Config)[setting.name]
    if isinstance(hint, types.UnionType):
        hint = hint.__args__[0]
    kind: type = typing.get_origin(hint) or hint
    return kind


_TYPE_WORDS: dict[type, str] = {
    str: "text",
    int: "number",
    bool: "switch",
    tuple: "list",
    Path: "folder",
}

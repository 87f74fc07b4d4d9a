"""Settings: read once, checked at once, and refused in one sentence."""

from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from microblog.config import Config, ConfigError, describe

# What the Flask Mega-Tutorial has its readers set.
TUTORIAL = {
    "SECRET_KEY": "you-will-never-guess",
    "DATABASE_URL": "sqlite:////srv/app.db",
    "MAIL_SERVER": "localhost",
    "MAIL_PORT": "8025",
    "MAIL_USE_TLS": "1",
    "MAIL_USERNAME": "miguel",
    "MAIL_PASSWORD": "secret",
    "ADMINS": "your-email@example.com, other@example.com",
    "POSTS_PER_PAGE": "3",
    "LANGUAGES": "en,es",
    "MS_TRANSLATOR_KEY": "key",
    "ELASTICSEARCH_URL": "http://localhost:9200",
    "LOG_TO_STDOUT": "true",
    "REDIS_URL": "redis://",
}

# What is written and what is read, for each kind of setting and for those that are checked.
EXAMPLES: dict[str, tuple[str, Any]] = {
    "folder": ("/srv/data", Path("/srv/data")),
    "number": ("12", 12),
    "switch": ("yes", True),
    "list": ("en, de,", ("en", "de")),
    "text": ("anything", "anything"),
    "SECRET_KEY": ("a long and random secret", "a long and random secret"),
    "DATABASE_URL": ("sqlite:///x.db", "sqlite:///x.db"),
    "PUBLIC_URL": ("https://example.org", "https://example.org"),
    "TRUSTED_PROXIES": ("10.0.0.0/8, ::1", ("10.0.0.0/8", "::1")),
    "REDIS_URL": ("rediss://:secret@example.org:6380/1", "rediss://:secret@example.org:6380/1"),
    "GRAVATAR_URL": ("http://localhost:1/", "http://localhost:1/"),
    "MS_TRANSLATOR_URL": ("http://localhost:2", "http://localhost:2"),
    "LIBRETRANSLATE_URL": ("http://localhost:3", "http://localhost:3"),
    "LOG_FILE_BYTES": ("5000", 5000),
}


def load(tmp_path: Path, dotenv: str = "", **environ: str) -> Config:
    (tmp_path / ".env").write_text(dotenv)
    return Config.load(environ, tmp_path)


def refusal(tmp_path: Path, dotenv: str = "", **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, dotenv, **environ)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return sentence


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


@pytest.mark.parametrize("setting", fields(Config), ids=lambda setting: setting.name)
def test_every_setting_can_be_set_and_has_a_line_of_help(
    tmp_path: Path, setting: Field[Any]
) -> None:
    name, kind, _, help_ = describe(setting)
    text, value = EXAMPLES.get(name) or EXAMPLES[kind]
    assert getattr(load(tmp_path, **{name: f" {text} "}), name) == value
    assert getattr(load(tmp_path, f"{name}={text}"), name) == value
    assert help_.endswith(".")


def test_the_tutorials_names_are_taken(tmp_path: Path) -> None:
    dotenv = "\n".join(f"{name}={value}" for name, value in TUTORIAL.items())
    config = load(tmp_path, dotenv)
    assert config.ADMINS == ("your-email@example.com", "other@example.com")
    assert (config.POSTS_PER_PAGE, config.LANGUAGES) == (3, ("en", "es"))
    assert config.LOG_TO_STDOUT
    assert config.MAIL_USE_TLS


def test_the_environment_wins_over_the_file_and_the_file_over_flaskenv(tmp_path: Path) -> None:
    (tmp_path / ".flaskenv").write_text("FLASK_APP=microblog.py\nPORT=1001\nHOST=::1\n")
    config = load(tmp_path, "PORT=1002\nWEB_THREADS=1\n", WEB_THREADS="3", UNRELATED="1")
    assert (config.PORT, config.HOST, config.WEB_THREADS) == (1002, "::1", 3)


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    empty = {f.name: "" for f in fields(Config) if f.name != "SECRET_KEY"}
    assert load(tmp_path, **empty) == Config()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("DATABASE_ULR=x", "Did you mean DATABASE_URL?"),
        ("port=80", "port"),
        ("SECRET=x", "SECRET"),
    ],
)
def test_an_unknown_name_in_the_file_is_refused_with_a_hint(
    tmp_path: Path, line: str, hint: str
) -> None:
    sentence = refusal(tmp_path, line)
    assert ".env sets " + line.partition("=")[0] in sentence
    assert hint in sentence


def test_names_of_flask_and_python_in_the_file_are_left_to_them(tmp_path: Path) -> None:
    load(tmp_path, "FLASK_DEBUG=1\nPYTHONWARNINGS=ignore\nWERKZEUG_DEBUG_PIN=off\n")


@pytest.mark.parametrize("key", ["", "  ", "short", "fifteen-letters"])
def test_a_secret_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    assert "SECRET_KEY" in refusal(tmp_path, SECRET_KEY=key)
    assert "SECRET_KEY" in refusal(tmp_path, f"SECRET_KEY={key}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.5"),
        ("POSTS_PER_PAGE", "0"),
        ("POSTS_PER_PAGE", "101"),
        ("WEB_THREADS", "0"),
        ("WEB_WORKERS", "-1"),
        ("MACHINE", "16"),
        ("LOG_FILE_COUNT", "0"),
        ("SESSION_DAYS", "9" * 5000),
        ("LOG_TO_STDOUT", "maybe"),
        ("LANGUAGES", " , "),
        ("PUBLIC_URL", "example.org"),
        ("PUBLIC_URL", "ftp://example.org"),
        ("PUBLIC_URL", "https://example.org/blog"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[example"),
        ("PUBLIC_URL", "https://example.org:port"),
        ("PUBLIC_URL", "https://example.org:99999"),
        ("PUBLIC_URL", "https://example.org?a=b"),
        ("GRAVATAR_URL", "gravatar.com"),
        ("GRAVATAR_URL", "httpx://gravatar.com"),
        ("GRAVATAR_URL", "https://[gravatar"),
        ("DATABASE_URL", "app.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "oracle://localhost/x"),
        ("DATABASE_URL", "://"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(
    tmp_path: Path, name: str, value: str
) -> None:
    assert name in refusal(tmp_path, **{name: value})


def test_a_refusal_does_not_repeat_a_password(tmp_path: Path) -> None:
    assert "hunter2" not in refusal(tmp_path, DATABASE_URL="ftp://me:hunter2@localhost/x")
    assert "hunter2" not in refusal(tmp_path, SECRET_KEY="hunter2")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://me:p@host/name", "postgresql+psycopg://me:p@host/name"),
        ("postgresql://me@host/name?x=y", "postgresql+psycopg://me@host/name?x=y"),
        ("postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
        ("mysql://me:p%40@host/name", "mysql+pymysql://me:p%40@host/name"),
        ("mariadb://host/name", "mysql+pymysql://host/name"),
        ("mysql+mysqldb://host/name", "mysql+mysqldb://host/name"),
        ("sqlite:///relative.db", "sqlite:///relative.db"),
        ("sqlite:////absolute.db", "sqlite:////absolute.db"),
    ],
)
def test_the_database_is_reached_by_the_driver_we_bring(
    tmp_path: Path, given: str, used: str
) -> None:
    assert load(tmp_path, DATABASE_URL=given).database_url == used


def test_the_database_is_a_file_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    config = load(tmp_path, DATA_DIR=str(tmp_path))
    assert config.database_url == f"sqlite:///{tmp_path}/microblog.db"


@pytest.mark.parametrize(
    ("settings", "url", "is_https", "hosts"),
    [
        ({}, "http://localhost:5000", False, ["127.0.0.1", "[::1]", "localhost"]),
        ({"PORT": 80}, "http://localhost:80", False, ["127.0.0.1", "[::1]", "localhost"]),
        (
            {"PUBLIC_URL": "https://example.org/", "HOST": "0.0.0.0"},
            "https://example.org",
            True,
            ["example.org"],
        ),
        (
            {"PUBLIC_URL": "https://example.org", "TRUSTED_HOSTS": ("www.example.org",)},
            "https://example.org",
            True,
            ["127.0.0.1", "[::1]", "example.org", "localhost", "www.example.org"],
        ),
    ],
)
def test_a_server_answers_to_the_names_people_use(
    settings: dict[str, Any], url: str, is_https: bool, hosts: list[str]
) -> None:
    config = Config(**settings)
    assert (config.public_url, config.is_https, config.hosts) == (url, is_https, hosts)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_a_loopback_address_is_known(host: str, is_loopback: bool) -> None:
    assert Config(HOST=host).listens_on_loopback is is_loopback

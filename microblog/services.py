"""What a running program of ours has at hand, whichever interface it serves."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from microblog import datafolder, ids
from microblog.config import Config, ConfigError
from microblog.datafolder import DataFolder
from microblog.db import Database
from microblog.domain.server import ServerSettings
from microblog.files.storage import Storage
from microblog.mail import Mailer, MailServer, Undeliverable, ascii_host
from microblog.translators import AzureTranslator, LibreTranslator, Translator


@dataclass(frozen=True)
class Services:
    """The settings, the database, the files and the mail of one server."""

    config: Config
    folder: DataFolder
    db: Database
    storage: Storage
    mailer: Mailer
    translator: Translator | None = None
    server_settings: ServerSettings = field(default_factory=ServerSettings)

    @classmethod
    def open(cls, config: Config) -> "Services":
        """Make what the settings describe, and a data folder where there is none.

        **Raises** ConfigError when the settings or the data folder are bad.
        """
        folder = datafolder.prepare(config)
        ids.claim_tag(folder.locks, config.MACHINE)
        db, storage = Database(config.database_url), Storage(folder.media)
        mailer = make_mailer(config, folder)
        return cls(config, folder, db, storage, mailer, make_translator(config))


def make_mailer(config: Config, folder: DataFolder) -> Mailer:
    """Return the way out for mails. **Raises** ConfigError when MAIL_SENDER is no address."""
    host = ascii_host(urlsplit(config.public_url).hostname or "localhost")
    sender = config.MAIL_SENDER or f"no-reply@{host}"
    try:
        return Mailer(sender=sender, folder=folder.root / "mail", server=_mail_server(config))
    except Undeliverable:
        raise ConfigError("MAIL_SENDER must be an address, such as hello@example.org.") from None


def make_translator(config: Config) -> Translator | None:
    """Return the translating service that the settings name; None where they name none."""
    if config.LIBRETRANSLATE_URL is not None:
        return LibreTranslator(config.LIBRETRANSLATE_URL, config.LIBRETRANSLATE_KEY)
    if config.MS_TRANSLATOR_KEY is None:
        return None
    return AzureTranslator(
        config.MS_TRANSLATOR_URL, config.MS_TRANSLATOR_KEY, config.MS_TRANSLATOR_REGION
    )


def _mail_server(config: Config) -> MailServer | None:
    if config.MAIL_SERVER is None:
        return None
    return MailServer(
        host=config.MAIL_SERVER,
        port=config.MAIL_PORT,
        use_tls=config.MAIL_USE_TLS,
        use_ssl=config.MAIL_USE_SSL,
        username=config.MAIL_USERNAME,
        password=config.MAIL_PASSWORD,
    )

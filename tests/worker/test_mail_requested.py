"""A mail that was announced arrives once, whatever the mail server does, and holds up nobody."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock
from microblog.config import Config, ConfigError
from microblog.datafolder import prepare
from microblog.db import Database
from microblog.domain import outbox, tokens
from microblog.domain.events import NETWORK_LANE, MailRequested
from microblog.mail import Mail, Mailer, MailServer
from microblog.models import OutboxEvent, User
from microblog.services import Services, make_mailer
from microblog.worker import Worker, queue
from tests import make
from tests.cast import Cast
from tests.logfile import log_file
from tests.mail_server import Post, Received, mail_server, reached_at, silent_server
from tests.processes import free_port, wait_for
from tests.reader import Reader

BOB = "bob@ex.com"


@pytest.fixture
def running() -> Iterator[tuple[Post, MailServer]]:
    """Return a friendly mail server and how to reach it."""
    with mail_server() as found:
        yield found


@pytest.fixture
def post(running: tuple[Post, MailServer]) -> Post:
    """Return what the mail server gets."""
    return running[0]


@pytest.fixture
def mailing(
    services: Services, cast: Cast, running: tuple[Post, MailServer], worker: Worker
) -> Services:
    """Return the services of a server that sends its mails to the mail server."""
    worker.run_due()
    return sending_to(services, running[1])


def sending_to(services: Services, server: MailServer | None, folder: Path = Path()) -> Services:
    mailer = Mailer(sender="no-reply@ex.org", folder=folder, server=server)
    config = replace(services.config, PUBLIC_URL="https://ex.org")
    return replace(services, config=config, mailer=mailer)


def announce(
    db: Database, kind: str, account_id: int = 0, token_id: int = 0, /, **values: str
) -> int:
    event = MailRequested(kind, BOB, account_id, token_id, values)
    db.write(partial(outbox.announce, event=event))
    return waiting(db)[-1].id


def waiting(db: Database) -> list[OutboxEvent]:
    with db.read() as session:
        return list(session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)))


def try_again(db: Database, services: Services) -> None:
    make.events_due(db, NETWORK_LANE)
    Worker(services).run_due()


def issue(db: Database, account_id: int, purpose: str = tokens.RESET) -> int:
    lifetime = timedelta(minutes=10)
    return db.write(lambda session: tokens.issue(session, account_id, purpose, lifetime))


def only(post: Post) -> Received:
    (received,) = post.received
    return received


def test_a_mail_that_was_announced_arrives(db: Database, mailing: Services, post: Post) -> None:
    event_id = announce(db, "registration_accepted")
    Worker(mailing).run_due()
    message = only(post).message
    assert (message["To"], message["From"]) == (BOB, "Testville <no-reply@ex.org>")
    assert message["Message-ID"] == f"<{event_id}@ex.org>"
    assert "https://ex.org/auth/login" in only(post).text()
    assert waiting(db) == []
    try_again(db, mailing)
    only(post)


@pytest.mark.parametrize(
    ("kind", "purpose", "path"),
    [
        ("reset_password", tokens.RESET, "/auth/reset/"),
        ("confirm_email", tokens.CONFIRM, "/auth/confirm/"),
        ("change_email", tokens.CHANGE_EMAIL, "/auth/confirm/"),
    ],
)
def test_the_link_of_a_mail_holds_its_token(
    db: Database, mailing: Services, post: Post, cast: Cast, kind: str, purpose: str, path: str
) -> None:
    token_id = issue(db, cast.bob.id, purpose)
    announce(db, kind, cast.bob.id, token_id, minutes="10", hours="48")
    Worker(mailing).run_due()
    found = re.search(rf"https://ex\.org{path}(\S+)", only(post).text())
    assert found is not None
    with db.read() as session:
        seen = tokens.look_up(session, found[1], [purpose], mailing.folder.secret_key)
    assert (seen.account_id, seen.purpose) == (cast.bob.id, purpose)
    assert found[0] in only(post).text("html")


def test_a_mail_whose_link_is_dead_is_dropped(
    db: Database, mailing: Services, post: Post, cast: Cast
) -> None:
    voided = issue(db, cast.bob.id)
    valid = issue(db, cast.bob.id)
    for token_id in (voided, 0, valid):
        announce(db, "reset_password", cast.bob.id, token_id, minutes="10")
    Worker(mailing).run_due()
    assert waiting(db) == []
    only(post)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("password_changed", "/auth/reset"),
        ("second_factor_on", "/auth/reset"),
        ("second_factor_off", "/auth/reset"),
        ("address_in_use", "/auth/login"),
        ("registration_waiting", "/admin/registrations"),
        ("deletion_begun", "/settings/account"),
    ],
)
def test_other_mails_lead_to_where_something_can_be_done(
    db: Database, mailing: Services, post: Post, cast: Cast, kind: str, path: str
) -> None:
    values = {"username": "dora", "reason": "Please", "when": "2026-11-29T18:30:00+00:00"}
    announce(db, kind, cast.bob.id, **values)
    Worker(mailing).run_due()
    assert f"https://ex.org{path}\n" in only(post).text()


def test_a_mail_is_written_for_its_reader(
    db: Database, mailing: Services, post: Post, cast: Cast
) -> None:
    choose(db, cast.bob.id, locale="de", time_zone="Europe/Berlin")
    config = replace(mailing.config, LANGUAGES=("en", "de"))
    announce(db, "deletion_begun", cast.bob.id, when="2026-11-29T18:30:00+00:00")
    Worker(replace(mailing, config=config)).run_due()
    assert "29. November 2026, 19:30 GMT+1" in " ".join(only(post).text().split())
    assert '<html lang="de"' in only(post).text("html")
    assert "@bob" in only(post).text()


def test_a_language_that_the_server_no_longer_has_is_not_used(
    db: Database, mailing: Services, post: Post, cast: Cast
) -> None:
    choose(db, cast.bob.id, locale="fr")
    announce(db, "registration_accepted", cast.bob.id)
    Worker(mailing).run_due()
    assert '<html lang="en"' in only(post).text("html")


def test_whose_account_is_gone_is_written_to_as_the_event_says(
    db: Database, mailing: Services, post: Post
) -> None:
    config = replace(mailing.config, LANGUAGES=("en", "de"))
    announce(db, "account_deleted", 999, locale="de", zone="UTC", account="dora")
    Worker(replace(mailing, config=config)).run_due()
    assert '<html lang="de"' in only(post).text("html")
    assert "@dora" in only(post).text()


def choose(db: Database, account_id: int, **columns: str) -> None:
    changed = update(User).where(User.account_id == account_id).values(**columns)
    db.write(lambda session: session.execute(changed))


# Mail servers that are not well


def test_a_mail_waits_for_its_server_to_come_back(db: Database, mailing: Services) -> None:
    port = free_port()
    away = sending_to(mailing, reached_at(port))
    event_id = announce(db, "registration_accepted")
    Worker(away).run_due()
    (event,) = waiting(db)
    assert (event.attempts, event.parked_at) == (1, None)
    assert event.due_at > clock.now()
    with mail_server(port) as (post, server):
        try_again(db, sending_to(mailing, server))
        assert only(post).message["Message-ID"] == f"<{event_id}@ex.org>"
    assert waiting(db) == []


def test_a_mail_that_was_cut_off_is_sent_again_as_the_same(
    db: Database, mailing: Services, post: Post, running: tuple[Post, MailServer]
) -> None:
    event_id = announce(db, "registration_accepted")
    post.on_data = "451 Killed while writing"
    Worker(mailing).run_due()
    post.on_data = "250 OK"
    try_again(db, mailing)
    assert only(post).message["Message-ID"] == f"<{event_id}@ex.org>"


def test_after_the_last_try_a_mail_is_parked_and_seen(db: Database, mailing: Services) -> None:
    away = sending_to(mailing, reached_at(free_port()))
    event_id = announce(db, "registration_accepted")
    for _ in range(queue.MAX_ATTEMPTS):
        try_again(db, away)
    (parked,) = waiting(db)
    assert parked.id == event_id
    assert parked.parked_at is not None
    assert "The mail server does not answer" in (parked.error or "")
    try_again(db, away)
    assert [event.attempts for event in waiting(db)] == [queue.MAX_ATTEMPTS]


def test_a_receiver_refused_for_good_ends_it(
    db: Database, mailing: Services, post: Post, tmp_path: Path
) -> None:
    post.on_rcpt = "550 5.1.1 Nobody of that name: bob@ex.com"
    event_id = announce(db, "registration_accepted")
    with log_file(tmp_path) as path:
        Worker(mailing).run_due()
        # Not what the mail server of this test logs.
        log = "".join(line for line in path.read_text().splitlines() if " microblog." in line)
    assert waiting(db) == []
    assert (post.asked, post.received) == (1, [])
    assert f"registration_accepted of event {event_id} is given up" in log
    assert BOB not in log


def test_a_receiver_refused_for_now_is_tried_again(
    db: Database, mailing: Services, post: Post
) -> None:
    post.on_rcpt = "451 4.7.1 Greylisted, come back in a minute"
    announce(db, "registration_accepted")
    Worker(mailing).run_due()
    assert [event.attempts for event in waiting(db)] == [1]
    post.on_rcpt = "250 OK"
    try_again(db, mailing)
    only(post)


def test_a_server_that_hangs_keeps_no_post_from_its_readers(
    db: Database, mailing: Services, cast: Cast
) -> None:
    with silent_server() as port:
        hanging = sending_to(mailing, reached_at(port, answer_seconds=1))
        announce(db, "registration_accepted")
        stop = threading.Event()
        thread = threading.Thread(target=Worker(hanging).run, args=(stop,))
        thread.start()
        try:
            post_id = make.post(db, cast.alice)
            bob = Reader(db, cast.bob)
            wait_for(lambda: post_id in bob.posts(), "the post", seconds=10)
            wait_for(lambda: [one.attempts for one in waiting(db)] == [1], "the end of the try")
        finally:
            stop.set()
            thread.join()


def test_one_mail_that_fails_holds_up_no_other(db: Database, mailing: Services, post: Post) -> None:
    announce(db, "of another version")
    announce(db, "registration_accepted")
    Worker(mailing).run_due()
    only(post)
    assert [event.attempts for event in waiting(db)] == [1]


@pytest.mark.parametrize("to", ["bob@ex.com\nBcc: eve@ex.com", "bob@ex.com, eve@ex.com", "nobody"])
def test_an_address_that_is_none_ends_it(
    db: Database, mailing: Services, post: Post, to: str
) -> None:
    event = MailRequested("registration_accepted", to)
    db.write(partial(outbox.announce, event=event))
    Worker(mailing).run_due()
    assert waiting(db) == []
    assert post.asked == 0


def test_a_mail_goes_with_what_caused_it_or_not_at_all(
    db: Database, mailing: Services, post: Post
) -> None:
    class Undecided(Exception):
        pass

    def act(session: Session) -> None:
        outbox.announce(session, MailRequested("registration_accepted", BOB))
        raise Undecided

    with pytest.raises(Undecided):
        db.write(act)
    Worker(mailing).run_due()
    assert post.received == []


# Without a mail server


def test_without_a_server_a_mail_is_kept_once(
    db: Database, mailing: Services, tmp_path: Path, cast: Cast
) -> None:
    keeping = sending_to(mailing, None, tmp_path)
    event_id = announce(db, "reset_password", cast.bob.id, issue(db, cast.bob.id), minutes="10")
    Worker(keeping).run_due()
    (kept,) = keeping.mailer.kept()
    assert (kept.name, kept.to) == (f"{event_id}.eml", BOB)
    assert "https://ex.org/auth/reset/" in keeping.mailer.read(kept.name).text


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "localhost"),
        ({"PUBLIC_URL": "https://ex.org:8443"}, "ex.org"),
        ({"PUBLIC_URL": "https://bücher.example"}, "xn--bcher-kva.example"),
        ({"PUBLIC_URL": "http://192.168.1.5:5000"}, "[192.168.1.5]"),
        ({"PUBLIC_URL": "https://ex.org", "MAIL_SENDER": "hello@mail.example"}, "mail.example"),
    ],
)
def test_mails_come_from_the_address_that_is_set_or_from_the_public_one(
    make_config: Callable[..., Config], settings: dict[str, str], host: str
) -> None:
    config = make_config(**settings)
    mailer = make_mailer(config, prepare(config))
    assert mailer.host == host
    assert not mailer.has_server


@pytest.mark.sqlite_only
@pytest.mark.parametrize("sender", ["nobody", "Us <us@ex.org>", "us@ex.org, eve@ex.com"])
def test_a_sender_that_is_no_address_stops_the_start(
    make_config: Callable[..., Config], sender: str
) -> None:
    config = make_config(MAIL_SENDER=sender)
    with pytest.raises(ConfigError, match="MAIL_SENDER must be an address"):
        make_mailer(config, prepare(config))


@pytest.mark.sqlite_only
def test_the_settings_of_the_mail_server_are_those_that_are_used(
    make_config: Callable[..., Config],
) -> None:
    with mail_server() as (post, server):
        config = make_config(MAIL_SERVER=server.host, MAIL_PORT=server.port)
        mailer = make_mailer(config, prepare(config))
        assert mailer.has_server
        mailer.send(BOB, Mail("Hello", "Hello\n", "<p>Hello</p>"), "<1@localhost>")
        assert only(post).sender == "no-reply@localhost"

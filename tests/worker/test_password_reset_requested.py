"""The worker mails the link to whoever asked for it, for as long as the settings say."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import identity, tokens
from microblog.domain.tokens import RESET
from microblog.models import AccountToken, OutboxEvent
from microblog.services import Services
from microblog.worker import Worker
from tests.cast import Cast


@pytest.mark.parametrize("minutes", [10, 45])
def test_the_link_lives_as_long_as_the_settings_say(
    db: Database, services: Services, cast: Cast, minutes: int
) -> None:
    db.write(lambda session: identity.request_reset(session, "bob"))
    config = replace(services.config, RESET_MINUTES=minutes)
    Worker(replace(services, config=config)).run_due()
    with db.read() as session:
        token = session.scalars(select(AccountToken)).one()
        assert tokens.sign(session, token.id, services.folder.secret_key) is not None
    assert (token.account_id, token.purpose) == (cast.bob.id, RESET)
    assert token.expires_at - token.created_at == timedelta(minutes=minutes)


def test_asking_for_nobody_ends_quietly(db: Database, worker: Worker, cast: Cast) -> None:
    for name in ("nobody", "nobody@ex.com", "", "\x00"):
        db.write(partial(identity.request_reset, identifier=name))
    worker.run_due()
    with db.read() as session:
        assert session.scalars(select(OutboxEvent)).all() == []
        assert session.scalars(select(AccountToken)).all() == []

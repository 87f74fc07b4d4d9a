"""The people of the demo move in: their accounts, their logins, and who follows whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.accounts import canonical_email, check_username, compose_profile
from microblog.domain.demo.founding import found
from microblog.domain.demo.script import Persona, Script
from microblog.domain.demo.timetable import Said, joined_at
from microblog.domain.viewer import MEMBER
from microblog.domain.visibility import FOR_EVERYBODY
from microblog.models import Account, Follow, User

_SEED = 11


@dataclass(frozen=True)
class Settlement:
    """All that will be written, planned before the transaction.

    **Shape** `portraits` and `headers` map usernames to files in the media folder.
    """

    script: Script
    follows: Sequence[tuple[str, str]]
    said: Sequence[Said]
    portraits: Mapping[str, str]
    headers: Mapping[str, str]
    password_hash: str
    now: datetime


def settle(session: Session, settlement: Settlement) -> tuple[str, dict[str, int]]:
    """Make everybody's rows; return the role of the first person, and the accounts' ids by name."""
    random = Random(_SEED)
    people = settlement.script.people
    role = found(session, settlement.script, joined_at(people[0], settlement.now))
    accounts = [
        _account(session, person, number, settlement, random)
        for number, person in enumerate(people)
    ]
    session.add_all(accounts)
    session.flush()
    for account in accounts:
        user_role = role if account is accounts[0] else MEMBER
        session.add(_user(account, user_role, settlement.password_hash))
    by_name = {account.username: account for account in accounts}
    session.add_all(_follows(settlement, by_name, random))
    session.flush()
    return role, {username: account.id for username, account in by_name.items()}


def _account(
    session: Session, person: Persona, number: int, settlement: Settlement, random: Random
) -> Account:
    account_id = ids.at(joined_at(person, settlement.now), number)
    profile = compose_profile(session, display_name=person.name, about=person.about)
    own = [said for said in settlement.said if said.username == person.username]
    written = [said.at for said in own]
    return Account(
        id=account_id,
        username=check_username(person.username),
        handle=person.username.lower(),
        display_name=profile.display_name,
        about=profile.about,
        about_html=profile.about_html,
        avatar=settlement.portraits.get(person.username),
        header=settlement.headers.get(person.username),
        posts_count=sum(said.shade.visibility in FOR_EVERYBODY for said in own),
        followers_count=sum(name == person.username for _, name in settlement.follows),
        following_count=sum(name == person.username for name, _ in settlement.follows),
        shows_last_seen=person.shows_last_seen,
        last_seen_at=max(written) + random.random() * (settlement.now - max(written)),
        created_at=ids.time_of(account_id),
    )


def _user(account: Account, role: str, password_hash: str) -> User:
    return User(
        account_id=account.id,
        email=canonical_email(f"{account.username}@example.org"),
        email_confirmed_at=account.created_at,
        password_hash=password_hash,
        role=role,
        created_at=account.created_at,
    )


def _follows(
    settlement: Settlement, accounts: Mapping[str, Account], random: Random
) -> list[Follow]:
    follows = []
    for number, (follower, followed) in enumerate(settlement.follows):
        since = max(accounts[follower].created_at, accounts[followed].created_at)
        # People find each other sooner rather than later.
        moment = since + random.random() ** 3 * (settlement.now - since)
        follow_id = ids.at(moment, number)
        follows.append(
            Follow(
                follower_id=accounts[follower].id,
                followed_id=accounts[followed].id,
                id=follow_id,
                is_backfilled=True,
                created_at=ids.time_of(follow_id),
            )
        )
    return follows

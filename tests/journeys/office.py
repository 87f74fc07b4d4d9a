"""What waits for the admins of a town: people to let in, one sent away, jobs and mails."""

import json
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import administration
from microblog.domain.events import Event, Followed, MailRequested
from microblog.domain.viewer import Viewer
from microblog.mail import Mail
from microblog.models import OutboxEvent, User
from microblog.models.server import OPEN
from microblog.models.user import WAITING
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live

REASON = "I live around the corner and would like to read about the pines."
RULES = ("Be kind.", "No adverts, however well they are meant.")
SUBJECT = "A word from the pines"
TEXT = "Hello,\n\nopen this link:\nhttps://example.org/auth/reset/abc\n"
ERROR = "ConnectionRefusedError: [Errno 111] Connection refused"
TYPED = ("newcomer", "troll", "sender", REASON, *RULES, SUBJECT, TEXT)


def furnish_office(live: Live, people: Cast) -> dict[str, str]:
    """Bring it all to a server; return what is in its addresses."""
    newcomer, troll, sender = (
        make.account(live.db, name) for name in ("newcomer", "troll", "sender")
    )
    make.post(live.db, troll, "Nobody reads this.")

    def furnish(session: Session) -> None:
        user = session.get_one(User, newcomer.id)
        user.state, user.reason = WAITING, REASON
        administration.suspend(session, by=people.alice, account_id=troll.id)
        _give_rules(session, people.alice)
        _fail(session, Followed(sender.id, people.alice.id), is_parked=True)
        _fail(session, MailRequested("password_changed", "bob@ex.com"), is_parked=True)
        _fail(session, MailRequested("reset_password", "carol@ex.com"), is_parked=False)

    live.db.write(furnish)
    live.services.mailer.send("bob@ex.com", Mail(SUBJECT, TEXT, ""), "<one@example.org>")
    return {"troll": str(troll.id), "sender": str(sender.id)}


def _give_rules(session: Session, by: Viewer) -> None:
    administration.edit_server(
        session,
        by=by,
        name="Testville",
        description="A place for tests.",
        rules="\n".join(RULES),
        registration_mode=OPEN,
    )


def _fail(session: Session, event: Event, *, is_parked: bool) -> None:
    now = clock.now()
    session.add(
        OutboxEvent(
            id=ids.new(),
            kind=type(event).__name__,
            lane=event.lane,
            payload=json.dumps(asdict(event)),
            created_at=now,
            due_at=now + timedelta(days=1),
            attempts=10 if is_parked else 3,
            parked_at=now if is_parked else None,
            error=ERROR,
        )
    )

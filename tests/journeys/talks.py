"""What the people of a town say to each other in private."""

from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live
from tests.letters import Letters

# More than a page, so that there is something older.
TURNS = 12
SHORT = "See you on Saturday!"
LONG = "Dress warmly: it is cold on the water. " * 12
ARABIC = "إلى اللقاء يوم السبت"
ASKED = "May I ask where that was?"
WIDE = "https://example.org/" + "a-long-path/" * 30 + "W" * 200
SAID = (SHORT, LONG, ARABIC, ASKED, WIDE, "W" * 200)


def hold_talks(live: Live, people: Cast, huda: Viewer, odd: Viewer) -> dict[str, str]:
    """Let Bob talk with one and with several, and let a stranger ask; return the conversations."""
    talk = make.message(live.db, people.alice, people.bob, text=SHORT).conversation_id
    for _ in range(TURNS):
        Letters(live.db, people.bob).send(talk, LONG)
        Letters(live.db, people.alice).send(talk, SHORT)
    several = make.message(live.db, people.bob, people.alice, huda, odd, text=WIDE).conversation_id
    Letters(live.db, huda).send(several, ARABIC)
    Letters(live.db, odd).leave(several)
    stranger = make.account(live.db, "stranger")
    asked = make.message(live.db, stranger, people.bob, text=ASKED).conversation_id
    return {"talk": str(talk), "several": str(several), "asked": str(asked)}

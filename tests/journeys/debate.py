"""What the people of a town say below each other's posts."""

from functools import partial

from microblog.domain import posts
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live

# More than a page of replies, and more posts above one than are shown.
REPLIES = 25
TURNS = 40
# What of it Bob reads at home: people whom he follows, answering people whom he follows.
HEARD = 8
QUESTION = "Who has seen the heron this year? A long answer is welcome."
PARTS = ("First, the lake.", "Then the mill.", "And last of all the bridge.")
ANSWER = "I have, twice, by the old mill, where the water is slow. " * 5
WIDE = "W" * 300
ARABIC = "رأيته أمس عند البحيرة"
LOUD = "Buy boots!"
DELETED = "I take that back."
FOR_SOME = "Only for the two of us, @bob"
DEBATED = (QUESTION, *PARTS, ANSWER, WIDE, ARABIC, LOUD, FOR_SOME)


def hold_debate(live: Live, people: Cast, huda: Viewer, odd: Viewer) -> dict[str, str]:
    """Let people answer each other in every way that a page shows; return the posts to open."""
    asking, loud = make.account(live.db, "asking"), make.account(live.db, "rowdy")
    make.mute(live.db, people.bob, loud)
    answer = partial(make.post, live.db)
    question = answer(asking, QUESTION)
    part = question
    for text in PARTS:
        part = answer(asking, text, reply_to=part)
    first = answer(people.alice, ANSWER, reply_to=question)
    for author, text in ((odd, WIDE), (huda, ARABIC), (loud, LOUD), (odd, ANSWER), (huda, ARABIC)):
        answer(author, text, reply_to=first)
    deep = first
    for author in (huda, odd, huda, odd):
        deep = answer(author, ARABIC, reply_to=deep)
    answer(loud, LOUD, reply_to=question)
    gone = answer(loud, DELETED, reply_to=question)
    below = answer(odd, WIDE, reply_to=gone)
    live.db.write(partial(posts.delete, by=loud, post_id=gone))
    hidden = answer(asking, QUESTION, visibility=FOLLOWERS, reply_to=below)
    make.follow(live.db, odd, asking)
    below = answer(odd, ANSWER, reply_to=hidden)
    for _ in range(REPLIES):
        answer(huda, ARABIC, reply_to=question)
    turn = answer(asking, QUESTION)
    for number in range(TURNS):
        turn = answer((odd, asking)[number % 2], ANSWER, reply_to=turn)
    some = answer(asking, FOR_SOME, visibility=MENTIONED)
    return {
        "question": str(question),
        "answer": str(first),
        "below": str(below),
        "turn": str(turn),
        "some": str(some),
    }

"""A server that people live on: ordinary ones, and those whose names and posts are hard to show."""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from PIL import Image
from sqlalchemy.orm import Session

from microblog.domain import accounts, avatars, drafts, identity, media, posts, tokens
from microblog.domain.drafts import Unfinished
from microblog.domain.media import Upload
from microblog.domain.viewer import Viewer
from microblog.files.images import make_avatar, make_picture
from microblog.models import User
from tests import make
from tests.authenticator import Authenticator
from tests.cast import Cast, assemble
from tests.journeys.debate import DEBATED, HEARD, hold_debate
from tests.journeys.live import Live
from tests.journeys.office import TYPED, furnish_office
from tests.journeys.talks import SAID, hold_talks
from tests.links import link_of
from tests.processes import wait_for
from tests.reader import Reader

# More than a page of each, so that there are links to the next one.
FOLLOWERS = 25
ORDINARY_POSTS = 25

LONG_USERNAME = "an_extraordinarily_long_name_1"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorffwelchevoraltern"
ARABIC_NAME = "هدى الأندلسي"
NAMES = (
    *("Testville", "A place for tests.", "Alice Pine", LONG_NAME, ARABIC_NAME),
    *("alice", "bob", "carol", "huda", "arrival", "asking", "rowdy", "stranger", LONG_USERNAME),
    "nobody",
)
FOREIGN = (
    "Los pinos están muy tranquilos hoy, y el lago también.",
    "Guten Morgen @alice, heute regnet es. #wetter",
)
OTHERS = "The #pines are quiet today. https://example.org/walk"
ABOUT = "Runs this place. Writes about #pines and @bob."
BEGUN = "Long ago, in a valley of #pines, somebody began a story"
BEGUN_WARNING = "An unfinished story"
FOR_FEW = "For some: #pines"
HALF_A_NAME = "@al"
OWN = "My own words, about #pines"
OWN_BEFORE = "My own word, about #firs"
LONG_ADDRESS = f"{'a.long.address.' * 4}of.mine@{'far.' * 10}example.org"
GREETINGS = tuple(f"Good morning @alice, number {number}" for number in range(FOLLOWERS))
LINES = ("موقعي", "https://example.org/huda", "A label of some length", "W" * 60)
# Of three pictures, the last one says nothing.
SHOWN = (("Pines at dusk, " * 99).strip(), "A lake, هادئة جدا", "")
LINK_LIFETIME = timedelta(days=1)
ODD_POSTS = (
    "W" * 500,
    "\n".join(f"Line {number}" for number in range(1, 41)),
    ".",
    "https://example.org/" + "a-long-path/" * 30,
    "🌲" * 100,
    "Left to right, and then من اليمين إلى اليسار, and #left again with @bob.",
    "من اليمين إلى اليسار ثم English in between ثم #عربي مع @alice",
    "<b>No HTML</b> & no markup: **stars** stay stars.",
    "日本語の長い文章は、単語の間に空白がありません。" * 10,
)


@dataclass(frozen=True)
class Town:
    """The server, its people, what they typed that pages name, and what is in their addresses."""

    live: Live
    people: Cast
    typed: tuple[str, ...]
    places: dict[str, str]


def furnish(live: Live) -> Town:
    """Bring people and posts to a server that is empty."""
    people = assemble(live.db)
    odd = make.account(live.db, LONG_USERNAME)
    huda = make.account(live.db, "huda")
    _introduce(live, people.alice, "Alice Pine", ABOUT)
    _introduce(live, odd, LONG_NAME, "Everything about me is long. " * 15)
    _introduce(live, huda, ARABIC_NAME, "من غرناطة، و English too")
    _give_picture(live, people.alice)
    for person in (odd, huda):
        make.follow(live.db, people.bob, person)
    followers = [make.account(live.db, f"follower{number}") for number in range(FOLLOWERS)]
    for follower in followers:
        make.follow(live.db, follower, people.alice)
    make.follow(live.db, people.alice, people.bob)

    make.posts_of(live.db, people.alice, ORDINARY_POSTS)
    for text in ODD_POSTS:
        make.post(live.db, odd, text)
        make.post(live.db, huda, text)
    others = make.post(
        live.db, people.alice, "The #pines are quiet today. https://example.org/walk"
    )
    own = make.edited_post(live.db, people.bob, OWN_BEFORE, OWN)
    for verb in (posts.favourite, posts.bookmark, posts.boost):
        live.db.write(partial(verb, by=people.bob, post_id=others))
    # In languages that none of the readers' pages are in.
    foreign, other = (make.post(live.db, huda, text) for text in FOREIGN)
    _let_hear(live, people.alice, others, [*followers, odd, huda])
    pictured = show_pictures(live, people.alice, *SHOWN)
    draft = _begin_draft(live, people.alice, others)
    neighbours = _fall_out(live, people, huda)
    talks = hold_talks(live, people, huda, odd)
    debate = hold_debate(live, people, huda, odd)
    office = furnish_office(live, people)
    links = _mail_links(live, people)
    Authenticator.of(live.db, people.alice)
    live.db.write(lambda session: identity.begin_deletion(session, people.carol, days=7))
    expected = ORDINARY_POSTS + 2 * len(ODD_POSTS) + 2 + len(FOREIGN) + HEARD + 1
    reader = Reader(live.db, people.bob)
    wait_for(lambda: len(reader.posts()) == expected, "the worker to bring every post")
    return Town(
        live,
        people,
        (
            *NAMES,
            *TYPED,
            *(follower.username for follower in followers),
            *neighbours,
            *LINES,
            *SHOWN,
            *FOREIGN,
            OTHERS,
            HALF_A_NAME,
            "@alice",
            OWN,
            BEGUN,
            BEGUN_WARNING,
            FOR_FEW,
            ABOUT,
            OWN_BEFORE,
            "#pines",
            "#nothing",
            *SAID,
            *GREETINGS,
            *DEBATED,
        ),
        {"own": str(own), "others": str(others), "long": LONG_USERNAME, **office, **links}
        | {
            "foreign": str(foreign),
            "other": str(other),
            "draft": str(draft),
            "pictured": str(pictured),
            **talks,
            **debate,
        },
    )


def show_pictures(live: Live, author: Viewer, *descriptions: str) -> int:
    """Let somebody post pictures, each with what is said about it."""
    shown = []
    for number, description in enumerate(descriptions):
        written = io.BytesIO()
        Image.new("RGB", (900 - 200 * number, 600), (40, 90 + 60 * number, 120)).save(
            written, "PNG"
        )
        full, small = make_picture(written.getvalue())
        file, preview = (
            live.services.storage.put(each.data, ".webp", is_gated=True) for each in (full, small)
        )
        upload = Upload(file, full.width, full.height, preview, small.width, small.height)
        add = partial(media.add, by=author, upload=upload, description=description)
        shown.append(live.db.write(add))
    return make.picture_post(live.db, author, *shown)


def _let_hear(live: Live, person: Viewer, post_id: int, others: list[Viewer]) -> None:
    """Let others do so much that a person hears of it on more than one page."""
    for greeting, other in zip(GREETINGS, others, strict=False):
        make.post(live.db, other, greeting)
    for other in others:
        make.favourite(live.db, other, post_id)
    make.boost(live.db, others[0], post_id)


def _fall_out(live: Live, people: Cast, huda: Viewer) -> list[str]:
    """Let some be muted, blocked or kept waiting, and one say more of herself."""
    loud, pest, asker = (make.account(live.db, name) for name in ("loud", "pest", "asker"))
    make.mute(live.db, people.alice, loud)
    make.block(live.db, people.alice, pest)
    make.block(live.db, pest, people.bob)
    make.locked(live.db, people.carol)
    make.follow(live.db, asker, people.carol)
    lines = list(zip(LINES[::2], LINES[1::2], strict=True))
    with live.db.read() as session:
        draft = accounts.compose_profile(
            session, display_name=ARABIC_NAME, about="من غرناطة، و English too", fields=lines
        )
    live.db.write(lambda session: accounts.edit_profile(session, by=huda, draft=draft))
    return ["loud", "pest", "asker"]


def _begin_draft(live: Live, person: Viewer, answered: int) -> int | None:
    """Let a person begin to write; return one draft of several."""

    def save(content: Unfinished) -> int | None:
        return live.db.write(lambda session: drafts.save(session, by=person, content=content))

    save(Unfinished("key-of-an-odd-one", ODD_POSTS[0], "", "mentioned"))
    save(Unfinished("key-of-an-answer", "@bob", "", "public", reply_to_id=answered))
    return save(Unfinished("key-of-a-post", BEGUN, BEGUN_WARNING, "followers", "en"))


def _mail_links(live: Live, people: Cast) -> dict[str, str]:
    """Return links of mails that nobody has followed, one of them of somebody who waits for it."""
    arrival = make.account(live.db, "arrival")
    link = partial(link_of, live.services, lifetime=LINK_LIFETIME)
    links = {
        "reset": link(people.bob, tokens.RESET),
        "change": link(people.bob, tokens.CHANGE_EMAIL, LONG_ADDRESS),
        "confirm": link(arrival, tokens.CONFIRM),
    }

    def doubt(session: Session) -> None:
        session.get_one(User, arrival.id).email_confirmed_at = None

    live.db.write(doubt)
    return links


def _introduce(live: Live, person: Viewer, display_name: str, about: str) -> None:
    with live.db.read() as session:
        draft = accounts.compose_profile(session, display_name=display_name, about=about)
    live.db.write(lambda session: accounts.edit_profile(session, by=person, draft=draft))


def _give_picture(live: Live, person: Viewer) -> None:
    drawn = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(drawn, "PNG")
    file = live.services.storage.put(make_avatar(drawn.getvalue()), ".webp")
    live.db.write(lambda session: avatars.replace(session, person.id, file))

"""Cases about who sees what: posts for some are found by nobody else, whichever way they look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from microblog.domain import administration, notifications, posts
from microblog.domain.notifications import KINDS
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, PUBLIC, QUIET, VISIBILITIES
from microblog.worker import Worker
from tests import make
from tests.corpus.scene import Scene
from tests.visitor import Visitor

WORD = "pomegranate"
EVERYBODY, NAMED = {PUBLIC, QUIET}, set(VISIBILITIES)


@dataclass(frozen=True)
class Reader:
    """Somebody at a browser, and which posts of the author they may see."""

    name: str
    browser: Visitor
    may_see: set[str]


@dataclass(frozen=True)
class Matrix:
    """An author with a post of each visibility, and readers who stand to her in every way."""

    scene: Scene
    author: Viewer
    posts: dict[str, int]
    readers: list[Reader]

    def each(self) -> Iterator[tuple[Reader, str, int]]:
        """Return every reader with every post."""
        for reader in self.readers:
            for visibility, post_id in self.posts.items():
                yield reader, visibility, post_id


def visibility_leak(scene: Scene) -> None:
    """Look for every post in the way that the case names."""
    LOOKS[scene.case.id](scene)


def at_the_post(scene: Scene) -> None:
    """Open the page of each post; one that may not be seen is like one that is not there."""
    matrix = make_matrix(scene)
    for reader, visibility, post_id in matrix.each():
        seen = reader.browser.get(f"/@alice/{post_id}")
        missing = reader.browser.get(f"/@alice/{post_id + 1}")
        if visibility in reader.may_see:
            assert seen.status_code == 200, (reader.name, visibility)
            assert text_of(visibility) in seen.text
        else:
            assert seen.status_code == missing.status_code == 404, (reader.name, visibility)
            assert text_of(visibility) not in seen.text


def in_the_thread(scene: Scene) -> None:
    """Open the post that each one answers."""
    root = make.post(scene.db, scene.cast.alice, "What grows here?")
    matrix = make_matrix(scene, reply_to=root)
    for reader in matrix.readers:
        if reader.name == "blocked":
            assert reader.browser.get(f"/@alice/{root}").status_code == 404
            continue
        page = reader.browser.get(f"/@alice/{root}").text
        assert_shows(page, matrix, reader)
        # Of answers that are for some, not even the number is told.
        assert "3 replies" not in page


def at_the_source(scene: Scene) -> None:
    """Ask for the text of each post, to edit it, to answer it and for how it was before."""
    matrix = make_matrix(scene)
    for reader, visibility, post_id in matrix.each():
        for path in (f"/posts/{post_id}/edit", f"/posts/{post_id}/redraft"):
            answer = reader.browser.get(path)
            assert answer.status_code in (302, 303, 403, 404), (reader.name, path)
            assert text_of(visibility) not in answer.text
        for path in (f"/@alice/{post_id}/history", f"/posts/{post_id}/reply"):
            answer = reader.browser.get(path)
            may_see = visibility in reader.may_see
            assert may_see or text_of(visibility) not in answer.text, (reader.name, path)
            assert may_see or answer.status_code in (302, 303, 404), (reader.name, path)


def among_who_did(scene: Scene) -> None:
    """Ask who boosted and who liked each post."""
    matrix = make_matrix(scene)
    for visibility, post_id in matrix.posts.items():
        make.favourite(scene.db, matrix.author, post_id)
        if visibility in EVERYBODY:
            make.boost(scene.db, matrix.author, post_id)
    for reader, visibility, post_id in matrix.each():
        for path in (f"/@alice/{post_id}/boosts", f"/@alice/{post_id}/favourites"):
            answer = reader.browser.get(path)
            expected = 200 if visibility in reader.may_see else 404
            assert answer.status_code == expected, (reader.name, visibility, path)


def on_the_profile(scene: Scene) -> None:
    """Open each side of her profile, with what she pinned."""
    matrix = make_matrix(scene, pictures=True)
    for visibility in (PUBLIC, QUIET, FOLLOWERS):
        scene.db.write(partial(posts.pin, by=matrix.author, post_id=matrix.posts[visibility]))
    for reader in matrix.readers:
        for path in ("/@alice", "/@alice/replies", "/@alice/media"):
            answer = reader.browser.get(path)
            if reader.name == "blocked":
                assert WORD not in answer.text
            else:
                assert_shows(answer.text, matrix, reader)


def on_timelines(scene: Scene) -> None:
    """Read home, explore and the page of a tag."""
    matrix = make_matrix(scene)
    Worker(scene.services).run_due()
    for reader in matrix.readers:
        public = {PUBLIC} & reader.may_see
        for path in ("/explore", "/tags/tea"):
            assert_shows(reader.browser.get(path).text, matrix, reader, public)
        home = reader.browser.get("/", follow_redirects=True).text
        reads_her = reader.name == "follower"
        assert_shows(home, matrix, reader, reader.may_see if reads_her else public)


def in_the_numbers(scene: Scene) -> None:
    """Open her profile by the tutorial's address, and read how much she wrote."""
    matrix = make_matrix(scene)
    for reader in matrix.readers:
        answer = reader.browser.get("/user/alice", follow_redirects=True)
        if reader.name == "blocked":
            assert WORD not in answer.text
            continue
        scene.assert_answered(answer)
        assert_shows(answer.text, matrix, reader)
        # Herself included, everybody is told of two.
        assert "2</b> posts" in answer.text, reader.name


def in_mails(scene: Scene) -> None:
    """Have everybody hear of everything by mail."""
    folder = scene.services.folder.root / "mail"
    kept_before = set(folder.glob("*.eml"))
    matrix = make_matrix(scene, wants_mail=True)
    Worker(scene.services).run_due()
    mails = [path.read_text() for path in set(folder.glob("*.eml")) - kept_before]
    assert mails
    for mail in mails:
        assert "To: erin@ex.com" in mail or WORD not in mail
        for visibility in (FOLLOWERS, MENTIONED):
            assert text_of(visibility) not in mail
    assert matrix.posts


def as_a_file(scene: Scene) -> None:
    """Ask for the picture of each post by its address."""
    matrix = make_matrix(scene, pictures=True)
    with scene.db.read() as session:
        views = posts.list_posts(session, matrix.author, list(matrix.posts.values()))
    files = {view.visibility: view.pictures[0].file for view in views}
    for reader in matrix.readers:
        for visibility, file in files.items():
            answer = reader.browser.get(f"/media/{file}")
            expected = 200 if visibility in reader.may_see else 404
            if reader.name == "blocked" and visibility in EVERYBODY:
                # What is for everybody is for them, too, once they log out.
                expected = answer.status_code
            assert answer.status_code == expected, (reader.name, visibility)


def reblog_bypass(scene: Scene) -> None:
    """Boost what was written for some."""
    matrix = make_matrix(scene)
    for reader, visibility, post_id in matrix.each():
        answer = reader.browser.post(f"/posts/{post_id}/boost")
        if visibility in (FOLLOWERS, MENTIONED) and not answer.location:
            assert answer.status_code in (403, 404), (reader.name, visibility)
    with scene.db.read() as session:
        for visibility in (FOLLOWERS, MENTIONED):
            post = posts.get_post(session, matrix.author, matrix.posts[visibility])
            assert post.boosts_count == 0


def suspended_boost(scene: Scene) -> None:
    """Boost what somebody wrote who was suspended since."""
    cast = scene.cast
    post_id = make.post(scene.db, cast.carol, f"{WORD} of old")
    scene.db.write(
        lambda session: administration.suspend(session, by=cast.alice, account_id=cast.carol.id)
    )
    bob = scene.browser(cast.bob)
    assert bob.post(f"/posts/{post_id}/boost").status_code == 404
    Worker(scene.services).run_due()
    for reader in (scene.browser(), bob, scene.visitor()):
        for path in ("/", "/explore", "/@bob"):
            answer = reader.get(path, follow_redirects=True)
            scene.assert_answered(answer)
            assert WORD not in answer.text


def locked_follow(scene: Scene) -> None:
    """Ask to follow somebody who lets people in by hand, and read on before the answer."""
    cast = scene.cast
    make.locked(scene.db, cast.alice)
    post_id = make.post(scene.db, cast.alice, f"{WORD} for friends", visibility=FOLLOWERS)
    mallory = scene.browser(cast.carol)
    mallory.post("/@alice/follow")
    Worker(scene.services).run_due()
    assert mallory.get(f"/@alice/{post_id}").status_code == 404
    for path in ("/", "/@alice", "/explore", "/notifications"):
        answer = mallory.get(path)
        scene.assert_answered(answer)
        assert WORD not in answer.text
    assert "Requested" in mallory.get("/@alice").text


def mail_metadata(scene: Scene) -> None:
    """Answer somebody for their eyes only; the mail says who, and not what."""
    cast = scene.cast
    want_mail(scene, cast.alice)
    root = make.post(scene.db, cast.alice)
    Worker(scene.services).run_due()
    folder = scene.services.folder.root / "mail"
    before = set(folder.glob("*.eml"))
    make.post(scene.db, cast.carol, f"@alice {WORD}", visibility=MENTIONED, reply_to=root)
    Worker(scene.services).run_due()
    (mail,) = (path.read_text() for path in set(folder.glob("*.eml")) - before)
    assert "carol" in mail
    assert WORD not in mail
    assert "unsubscribe" not in mail.lower()


def make_matrix(
    scene: Scene,
    *,
    reply_to: int | None = None,
    pictures: bool = False,
    wants_mail: bool = False,
) -> Matrix:
    """Let Alice write a post of each visibility, and bring readers of every kind."""
    db, cast = scene.db, scene.cast
    dan, erin, frank, gina = (make.account(db, name) for name in ("dan", "erin", "frank", "gina"))
    for person in (dan, frank):
        make.follow(db, person, cast.alice)
    make.unfollow(db, dan, cast.alice)
    Worker(scene.services).run_due()
    people = {
        "stranger": (cast.carol, EVERYBODY),
        "follower": (cast.bob, {*EVERYBODY, FOLLOWERS}),
        "ex-follower": (dan, EVERYBODY),
        "mentioned": (erin, NAMED),
        "blocked": (frank, set[str]()),
        "suspended": (gina, EVERYBODY),
    }
    if wants_mail:
        for person, _ in people.values():
            want_mail(scene, person)
    browsers = {name: scene.browser(person) for name, (person, _) in people.items()}
    make.block(db, cast.alice, frank)
    db.write(lambda s: administration.suspend(s, by=cast.alice, account_id=gina.id))
    written = {}
    for visibility in VISIBILITIES:
        text = text_of(visibility)
        if pictures:
            picture = make.picture(db, cast.alice, "A picture", scene.services.storage)
            written[visibility] = make.picture_post(
                db, cast.alice, picture, text=text, visibility=visibility
            )
        else:
            written[visibility] = make.post(
                db, cast.alice, text, visibility=visibility, reply_to=reply_to
            )
    readers = [Reader(name, browsers[name], may_see) for name, (_, may_see) in people.items()]
    readers.append(Reader("anonymous", scene.visitor(), EVERYBODY))
    return Matrix(scene, cast.alice, written, readers)


def want_mail(scene: Scene, person: Viewer) -> None:
    """Let somebody hear of everything by mail."""
    scene.db.write(lambda s: notifications.choose(s, by=person, on_page=KINDS, by_mail=KINDS))


def text_of(visibility: str) -> str:
    """Return what only the post of that visibility says."""
    return f"{WORD} {visibility} for @erin #tea"


def assert_shows(page: str, matrix: Matrix, reader: Reader, shown: set[str] | None = None) -> None:
    """Require that a page has those of the posts that the reader may see, and no other one."""
    expected = reader.may_see if shown is None else shown
    found = {
        visibility
        for visibility, post_id in matrix.posts.items()
        if f"{WORD} {visibility}" in page or f"/@alice/{post_id}" in page
    }
    assert found == expected, (reader.name, found, expected)


LOOKS: dict[str, Callable[[Scene], None]] = {
    "visibility-leak-01": at_the_post,
    "visibility-leak-02": in_the_thread,
    "visibility-leak-04": at_the_source,
    "visibility-leak-05": among_who_did,
    "visibility-leak-07": on_the_profile,
    "visibility-leak-08": on_timelines,
    "visibility-leak-11": in_the_numbers,
    "visibility-leak-17": in_mails,
    "visibility-leak-20": as_a_file,
}
RUNNERS = {
    "visibility-leak": visibility_leak,
    "reblog-bypass": reblog_bypass,
    "suspended-boost": suspended_boost,
    "locked-follow": locked_follow,
    "mail-metadata": mail_metadata,
}

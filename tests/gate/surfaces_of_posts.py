"""Where posts are shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from microblog.domain import media, notifications, posts, timelines
from microblog.domain.errors import NotFound
from microblog.domain.notifications import NotificationView
from microblog.domain.timelines import Entry, Profile, Shown
from tests.gate.community import TAG, Community
from tests.gate.model import FOR_EVERYBODY, PUBLIC, Model
from tests.gate.surfaces import ALL, surface
from tests.gate.world import PEOPLE, Reader, World


def _ids(some: Iterable[Entry]) -> list[int]:
    return [entry.post_id for entry in some]


def _cards(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        yield post.id, post.now.secret
        if post.file:
            yield post.id, post.file


@surface(_cards)
def cards(world: Community, reader: Reader) -> Iterable[Any]:
    some = [post.id for post in world.model.posts]
    with world.db.read() as session:
        views = posts.list_posts(session, reader.viewer, some)
    for view in views:
        yield view.id, view.text.split()[0]
        yield from ((view.id, picture.file) for picture in view.pictures)


def _on_explore(model: Model, reader: str) -> Iterator[int]:
    for post in model.seen(reader):
        is_wanted = model.hears(reader, post.author) and not post.is_answer
        if post.now.visibility == PUBLIC and is_wanted:
            yield post.id


@surface(_on_explore)
def explore(world: Community, reader: Reader) -> Iterable[Any]:
    return _ids(timelines.explore(world.db, reader.viewer, ALL).items)


def _under_tag(model: Model, reader: str) -> Iterator[int]:
    for post in model.seen(reader):
        is_under = post.now.is_tagged and post.now.visibility == PUBLIC
        if is_under and model.hears(reader, post.author):
            yield post.id


@surface(_under_tag)
def tag(world: Community, reader: Reader) -> Iterable[Any]:
    return _ids(timelines.tagged(world.db, reader.viewer, TAG, ALL).items)


def _home(world: World, reader: Reader) -> Sequence[Entry]:
    assert reader.viewer is not None
    return timelines.home(world.db, reader.viewer, ALL).items


def _at_home(model: Model, reader: str) -> Iterator[int]:
    for post in model.seen(reader):
        is_brought = model.is_by_followed(reader, post) or model.is_boosted_for(reader, post)
        if model.hears(reader, post.author) and is_brought:
            yield post.id


@surface(_at_home, when_idle=True, for_members=True)
def home(world: Community, reader: Reader) -> Iterable[Any]:
    return _ids(world.once(_home, reader))


@surface(lambda _model, _reader: ["nothing"], for_members=True)
def counted_as_new_and_not_at_home(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    own_id = reader.viewer.id
    others = sum(entry.author_id != own_id for entry in world.once(_home, reader))
    counted = timelines.count_new(world.db, reader.viewer, 0)
    return [counted - others if counted > others else "nothing"]


def _on_profiles(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        yield post.author, Shown.REPLIES, post.id
        if post.file:
            yield post.author, Shown.MEDIA, post.id
        if post.is_pinned or not post.is_answer:
            yield post.author, Shown.POSTS, post.id
        if model.hears(reader, post.author):
            boosters = (name for name in post.boosts if model.meets(reader, name))
            yield from ((name, Shown.POSTS, post.id) for name in boosters if name != post.author)


def read_profiles(world: World, reader: Reader) -> list[tuple[str, Shown, Profile]]:
    """Open every tab of everybody's profile who has one."""
    found = []
    for name in PEOPLE:
        for shown in Shown:
            try:
                profile = timelines.profile(world.db, reader.viewer, name, ALL, shown)
            except NotFound:
                continue
            found.append((name, shown, profile))
    return found


@surface(_on_profiles, when_idle=True)
def profiles(world: Community, reader: Reader) -> Iterable[Any]:
    for name, shown, profile in world.once(read_profiles, reader):
        for entry in (*profile.posts.items, *profile.pinned):
            yield name, shown, entry.post_id


def _counted(model: Model, reader: str) -> Iterator[Any]:
    return ((post.id, *model.counts(post)) for post in model.seen(reader))


@surface(_counted, when_idle=True)
def counters_of_posts(world: Community, reader: Reader) -> Iterable[Any]:
    for post in world.model.posts:
        try:
            entry = timelines.entry_of(world.db, reader.viewer, post.id)
        except NotFound:
            continue
        yield post.id, entry.replies_count, entry.boosts_count, entry.favourites_count


@surface(
    lambda m, reader: (p.id for p in m.seen(reader) if reader in p.favourites), for_members=True
)
def favourites(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    return _ids(timelines.favourites(world.db, reader.viewer, ALL).items)


@surface(
    lambda m, reader: (p.id for p in m.seen(reader) if reader in p.bookmarks), for_members=True
)
def bookmarks(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    return _ids(timelines.bookmarks(world.db, reader.viewer, ALL).items)


def _notifications(world: World, reader: Reader) -> list[NotificationView]:
    assert reader.viewer is not None
    found: list[NotificationView] = []
    for only_talk in (False, True):
        page = notifications.list_notifications(world.db, reader.viewer, ALL, only_talk=only_talk)
        found += page.items
    return found


def _told(model: Model, reader: str) -> Iterator[Any]:
    heard = [name for name in model.present() if name != reader and model.hears(reader, name)]
    yield from ((None, "", name) for name in heard)
    for post in model.seen(reader):
        yield from ((post.id, post.now.secret, name) for name in heard)


@surface(_told, is_exact=False, for_members=True)
def told(world: Community, reader: Reader) -> Iterable[Any]:
    for each in world.once(_notifications, reader):
        secret = each.excerpt.split()[0] if each.excerpt else ""
        post_id = each.entry.post_id if each.entry else None
        yield from ((post_id, secret, face.username) for face in each.people.named)


@surface(lambda _model, _reader: ["nothing"], for_members=True)
def counted_as_told_and_not_told(world: Community, reader: Reader) -> Iterable[Any]:
    told = len({each.key for each in world.once(_notifications, reader)})
    counted = reader.visit.unread_notifications
    return [counted - told if counted > told else "nothing"]


def _files(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        if post.file:
            yield post.id, "everybody" if post.now.visibility in FOR_EVERYBODY else "some"


@surface(_files)
def files(world: Community, reader: Reader) -> Iterable[Any]:
    for post in world.model.posts:
        if post.file:
            audience = media.find_audience(world.db, reader.viewer, post.file)
            if audience is not None:
                yield post.id, str(audience)


def _versions(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        if len(post.versions) > 1:
            yield from ((post.id, version.secret) for version in model.history(reader, post))


@surface(_versions)
def histories(world: Community, reader: Reader) -> Iterable[Any]:
    edited = [post for post in world.model.posts if len(post.versions) > 1]
    with world.db.read() as session:
        for post in edited:
            try:
                history = posts.get_history(session, reader.viewer, post.id)
            except NotFound:
                continue
            for part in (part for version in history.versions for part in version.text):
                secrets = (word for word in part.text.split() if word.startswith("zq"))
                yield from ((post.id, secret) for secret in secrets)


def _answerable(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        others = {post.author, *post.now.named} - {reader}
        yield from ((post.id, f"@{name}") for name in others if model.meets(reader, name))
        yield post.id, post.now.visibility


@surface(_answerable, is_exact=False, for_members=True)
def beginnings_of_answers(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    # Every one asks the same; the last ones are those that something has just happened to.
    naming = [post.id for post in world.model.posts if post.now.named][-2:]
    with world.db.read() as session:
        for post_id in naming:
            try:
                begun = posts.begin_reply(session, by=reader.viewer, post_id=post_id)
            except NotFound:
                continue
            yield from ((post_id, name) for name in begun.text.split())
            yield post_id, begun.post.visibility

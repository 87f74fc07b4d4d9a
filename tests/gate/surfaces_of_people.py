"""Where people are shown."""

from collections.abc import Iterable, Iterator
from typing import Any

from microblog.domain import completion, posts, relationships, suggestions
from tests.gate.community import TAG, Community
from tests.gate.model import PUBLIC, Model
from tests.gate.surfaces import ALL, surface
from tests.gate.surfaces_of_posts import read_profiles
from tests.gate.world import LETTERS, PEOPLE, Reader

_LISTS = (
    ("followers", relationships.list_followers, 1),
    ("following", relationships.list_following, 0),
)


def _counters(model: Model, _reader: str) -> Iterator[Any]:
    for name in model.present():
        followers = sum(followed == name for _, followed in model.follows)
        following = sum(follower == name for follower, _ in model.follows)
        yield name, model.public_count(name), followers, following


@surface(_counters)
def counters_of_people(world: Community, reader: Reader) -> Iterable[Any]:
    for name, _, profile in world.once(read_profiles, reader):
        account = profile.account
        yield name, account.posts_count, account.followers_count, account.following_count


def _follows(model: Model, reader: str) -> Iterator[Any]:
    for pair in model.follows:
        if all(model.meets(reader, name) for name in pair):
            follower, followed = pair
            yield followed, "followers", follower
            yield follower, "following", followed


@surface(_follows)
def followers_and_following(world: Community, reader: Reader) -> Iterable[Any]:
    follows, present = world.model.follows, world.model.present()
    # Whoever is suspended has no page that a list could be on, and nobody is on an empty one.
    lists = [
        (name, listed, read)
        for name in present
        for listed, read, place in _LISTS
        if any(pair[place] == name for pair in follows)
    ]
    with world.db.read() as session:
        for name, listed, read in lists:
            found = read(session, reader.viewer, world.viewers[name].id, ALL).items
            yield from ((name, listed, each.account.username) for each in found)


def _reacted(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        for verb, people in (("favourites", post.favourites), ("boosts", post.boosts)):
            yield from ((post.id, verb, name) for name in people if model.meets(reader, name))


@surface(_reacted, when_idle=True)
def who_reacted(world: Community, reader: Reader) -> Iterable[Any]:
    some = [post.id for post in world.model.posts if post.favourites or post.boosts]
    with world.db.read() as session:
        for view in posts.list_posts(session, reader.viewer, some):
            for verb, read in (
                ("favourites", relationships.list_favouriters),
                ("boosts", relationships.list_boosters),
            ):
                for each in read(session, reader.viewer, view.id, ALL).items:
                    yield view.id, verb, each.account.username


def _completed(model: Model, reader: str) -> Iterator[str]:
    yield from (name for name in model.present() if name != reader and model.meets(reader, name))
    if any(post.now.is_tagged and post.now.visibility == PUBLIC for post in model.seen(reader)):
        yield f"#{TAG}"


@surface(_completed, for_members=True)
def completions(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    with world.db.read() as session:
        faces = completion.complete_person(session, by=reader.viewer, typed=LETTERS)
        tags = completion.complete_tag(session, by=reader.viewer, typed=TAG[:2])
    return [*(face.username for face in faces), *(f"#{name}" for name in tags)]


def _suggested(model: Model, reader: str) -> Iterator[str]:
    for name in model.present():
        is_known = (reader, name) in model.follows | model.requests
        if name != reader and model.hears(reader, name) and not is_known:
            yield name


@surface(_suggested, is_exact=False)
def suggested(world: Community, reader: Reader) -> Iterable[Any]:
    with world.db.read() as session:
        found = suggestions.people_to_follow(session, reader.viewer, len(PEOPLE))
    return [each.account.username for each in found]


def _asking(model: Model, reader: str) -> Iterator[str]:
    asking = (name for name, asked in model.requests if asked == reader)
    return (name for name in asking if name not in model.suspended)


@surface(_asking, for_members=True)
def requests(world: Community, reader: Reader) -> Iterable[Any]:
    assert reader.viewer is not None
    with world.db.read() as session:
        found = relationships.list_requests(session, reader.viewer, ALL).items
    return [each.account.username for each in found]

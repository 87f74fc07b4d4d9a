"""What a thread shows, and what it says of what it does not show."""

from collections.abc import Iterable, Iterator
from typing import Any

from microblog.domain import threads
from microblog.domain.errors import NotFound
from microblog.domain.threads import MUTED, SEEN, Branch, Focus, Place, Thread
from tests.gate.community import Community
from tests.gate.model import FOR_EVERYBODY, Model, Post
from tests.gate.surfaces import surface
from tests.gate.world import Reader, World
from tests.outline import GAP, GONE, path_of


def _threads(world: World, reader: Reader) -> list[tuple[Post, Focus, Thread]]:
    found = []
    for post in world.model.posts:
        try:
            focus = threads.find(world.db, reader.viewer, post.author, post.id)
        except NotFound:
            continue
        found.append((post, focus, threads.read(world.db, reader.viewer, focus)))
    return found


def _branches(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _branches(branch.replies)


def _places(thread: Thread) -> Iterator[Place]:
    yield from (place for place in thread.path if place is not None)
    yield from (branch.place for branch in _branches((*thread.series, *thread.replies)))


def _is_shown(place: Place) -> bool:
    return place.standing in (SEEN, MUTED)


def _paths(model: Model, reader: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for post in model.seen(reader):
        above: list[Any] = []
        answered = post.answers
        while answered is not None:
            place = _stands(model, reader, answered)
            if not (place == GAP and above[:1] == [GAP]):
                above.insert(0, place)
            answered = answered.answers
        yield post.id, tuple(above)


def _stands(model: Model, reader: str, post: Post) -> Any:
    if not model.knows(reader, post):
        return GAP
    if post.is_deleted:
        return GONE if post.now.visibility in FOR_EVERYBODY else GAP
    return post.id if model.hears(reader, post.author) else ("muted", post.id)


@surface(_paths)
def paths(world: Community, reader: Reader) -> Iterable[Any]:
    return ((post.id, tuple(path_of(thread))) for post, _, thread in world.once(_threads, reader))


def _answers(model: Model, reader: str) -> Iterator[tuple[int, int]]:
    for post in model.seen(reader):
        yield from ((post.id, answer.id) for answer in model.answers_to(reader, post))


@surface(_answers)
def direct_answers(world: Community, reader: Reader) -> Iterable[Any]:
    for post, _, thread in world.once(_threads, reader):
        for branch in (*thread.series[:1], *thread.replies):
            if _is_shown(branch.place):
                yield post.id, branch.place.entry.post_id


def _below(model: Model, reader: str) -> Iterator[tuple[int, int]]:
    known = [post for post in model.posts if model.knows(reader, post)]
    for post in model.seen(reader):
        for other in known:
            above = other.answers
            while above is not None and above is not post and model.knows(reader, above):
                above = above.answers
            if above is post:
                yield post.id, other.id


@surface(_below, is_exact=False)
def trees(world: Community, reader: Reader) -> Iterable[Any]:
    for post, _, thread in world.once(_threads, reader):
        for branch in _branches((*thread.series, *thread.replies)):
            yield post.id, branch.place.entry.post_id


def _told_of(model: Model, reader: str) -> Iterator[Any]:
    for post in model.posts:
        if model.knows(reader, post):
            answers = model.answers_to(reader, post)
            yield "answered", post.id, bool(answers)
            yield from (("more", post.id, number) for number in range(1, len(answers) + 1))
            last = model.last_part(reader, post)
            yield "part", post.id, (post.part, last) if last > 1 else None


@surface(_told_of, is_exact=False)
def what_threads_say(world: Community, reader: Reader) -> Iterable[Any]:
    for _, _, thread in world.once(_threads, reader):
        for place in filter(_is_shown, _places(thread)):
            yield "answered", place.entry.post_id, place.is_answered
            yield "part", place.entry.post_id, place.part
        for branch in _branches((*thread.series, *thread.replies)):
            if branch.more:
                yield "more", branch.place.entry.post_id, branch.more


def _named(model: Model, reader: str) -> Iterator[Any]:
    for post in model.seen(reader):
        yield from ((post.id, name) for name in post.now.named if model.meets(reader, name))


@surface(_named)
def whom_posts_are_for(world: Community, reader: Reader) -> Iterable[Any]:
    for post, focus, _ in world.once(_threads, reader):
        yield from ((post.id, name) for name in focus.named)

"""What people do, to each other and with posts: on the server, and in the model."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from microblog.domain import administration, posts, relationships
from microblog.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from tests import make
from tests.gate.model import FOLLOWERS, FOR_EVERYBODY, MENTIONED, MOST_PINS, Post, Version
from tests.gate.world import RUNNING_IT, World

TAG = "tea"

Expected = type[DomainError] | None


class Community(World):
    """A world in which things are done; each act is tried whether or not it may be done."""

    _secrets = 0

    def write(
        self,
        author: str,
        version: Version,
        answered: Post | None = None,
        *,
        has_picture: bool = False,
    ) -> None:
        """Let somebody write a post."""
        by, version = self.viewers[author], self._as_read(version)
        storage = self.services.storage
        pictures = [make.picture(self.db, by, storage=storage)] if has_picture else []
        sees = answered is None or self.model.sees(author, answered)

        def write(session: Session) -> int:
            draft = posts.compose(
                session,
                _text(version),
                visibility=version.visibility,
                reply_to_id=answered.id if answered else None,
                attachment_ids=pictures,
            )
            return posts.publish(session, by=by, draft=draft).post_id

        post_id = self.act(_unless_named(version) or _unless(sees, NotFound), write)
        if post_id is not None:
            self.model.posts.append(Post(post_id, author, [version], answered))
            if has_picture:
                with self.db.read() as session:
                    view = posts.get_view(session, by, post_id)
                self.model.posts[-1].file = view.pictures[0].file

    def edit(self, name: str, post: Post, version: Version) -> None:
        """Let somebody say a post otherwise, and for others."""
        by, version = self.viewers[name], self._as_read(version)

        def edit(session: Session) -> bool:
            pictures = posts.get_view(session, by, post.id).pictures
            draft = posts.compose(
                session,
                _text(version),
                visibility=version.visibility,
                attachment_ids=[picture.id for picture in pictures],
            )
            return posts.edit(session, by=by, post_id=post.id, draft=draft)

        sees = _unless(self.model.sees(name, post), NotFound)
        if self.act(sees or _unless_named(version) or self._unless_own(name, post), edit):
            post.versions.append(version)
            post.is_edited = True
            post.is_pinned &= version.visibility != MENTIONED

    def readdress(self, name: str, post: Post, visibility: str) -> None:
        """Let somebody have others read a post as it is: that is no version of it."""
        by, version = self.viewers[name], replace(post.now, visibility=visibility)
        named = version.typed & set(self.model.present())
        may_say = visibility != MENTIONED or bool(named)

        def edit(session: Session) -> bool:
            view = posts.get_view(session, by, post.id)
            draft = posts.compose(
                session,
                view.text,
                language=view.language,
                visibility=visibility,
                attachment_ids=[picture.id for picture in view.pictures],
            )
            return posts.edit(session, by=by, post_id=post.id, draft=draft)

        sees = _unless(self.model.sees(name, post), NotFound)
        expected = sees or _unless(may_say, Invalid) or self._unless_own(name, post)
        if self.act(expected, edit):
            post.versions[-1] = replace(version, named=named)
            post.is_edited = True
            post.is_pinned &= visibility != MENTIONED

    def delete(self, name: str, post: Post) -> None:
        """Let somebody delete a post."""
        act = partial(posts.delete, by=self.viewers[name], post_id=post.id)
        expected = self._unless_own(name, post)
        self.act(expected, act)
        if expected is None:
            post.is_deleted, post.is_pinned = True, False

    def boost(self, name: str, post: Post) -> None:
        """Let somebody boost a post."""
        visibility = post.now.visibility
        may = visibility in FOR_EVERYBODY or (post.author == name and visibility == FOLLOWERS)
        expected = _unless(self.model.sees(name, post), NotFound) or _unless(may, NotAllowed)
        act = partial(posts.boost, by=self.viewers[name], post_id=post.id)
        if self.act(expected, act) is not None:
            post.boosts.add(name)

    def unboost(self, name: str, post: Post) -> None:
        """Let somebody take a boost back."""
        if self._act_on(name, post, posts.unboost):
            post.boosts.discard(name)

    def favourite(self, name: str, post: Post) -> None:
        """Let somebody like a post."""
        if self._act_on(name, post, posts.favourite):
            post.favourites.add(name)

    def unfavourite(self, name: str, post: Post) -> None:
        """Let somebody like a post no more."""
        if self._act_on(name, post, posts.unfavourite):
            post.favourites.discard(name)

    def bookmark(self, name: str, post: Post) -> None:
        """Let somebody keep a post."""
        if self._act_on(name, post, posts.bookmark):
            post.bookmarks.add(name)

    def unbookmark(self, name: str, post: Post) -> None:
        """Let somebody keep a post no more."""
        if self._act_on(name, post, posts.unbookmark):
            post.bookmarks.discard(name)

    def mute_thread(self, name: str, post: Post) -> None:
        """Let somebody hear no more of a conversation."""
        self._act_on(name, post, posts.mute_thread)

    def pin(self, name: str, post: Post) -> None:
        """Let somebody put a post on top of their profile."""
        pinned = sum(each.is_pinned for each in self.model.posts if each.author == name)
        may = post.now.visibility != MENTIONED and (post.is_pinned or pinned < MOST_PINS)
        expected = self._unless_own(name, post) or _unless(may, Invalid)
        act = partial(posts.pin, by=self.viewers[name], post_id=post.id)
        if self.act(expected, act) is not None:
            post.is_pinned = True

    def unpin(self, name: str, post: Post) -> None:
        """Let somebody take a post off the top of their profile."""
        act = partial(posts.unpin, by=self.viewers[name], post_id=post.id)
        if self.act(self._unless_own(name, post), act):
            post.is_pinned = False

    def follow(self, name: str, other: str) -> None:
        """Let somebody follow somebody, or ask to."""
        pair = (name, other)
        if self._relate(name, other, relationships.follow) and pair not in self.model.follows:
            is_asked = other in self.model.locked
            (self.model.requests if is_asked else self.model.follows).add(pair)
            if not is_asked:
                self.model.requests.discard(pair)

    def unfollow(self, name: str, other: str) -> None:
        """Let somebody follow somebody no more."""
        account_id = self.viewers[other].id
        self.act(
            None, partial(relationships.unfollow, by=self.viewers[name], account_id=account_id)
        )
        pair = (name, other)
        if pair in self.model.requests:
            self.model.requests.remove(pair)
        else:
            self.model.follows.discard(pair)
            self.model.hidden_boosts.discard(pair)

    def hide_boosts(self, name: str, other: str) -> None:
        """Let somebody read no more what somebody boosts."""
        if self._choose_boosts(name, other, relationships.hide_boosts):
            self.model.hidden_boosts.add((name, other))

    def show_boosts(self, name: str, other: str) -> None:
        """Let somebody read again what somebody boosts."""
        if self._choose_boosts(name, other, relationships.show_boosts):
            self.model.hidden_boosts.discard((name, other))

    def block(self, name: str, other: str) -> None:
        """Let somebody have nothing to do with somebody."""
        expected = _unless(other not in self.model.suspended, NotFound)
        account_id = self.viewers[other].id
        act = partial(relationships.block, by=self.viewers[name], account_id=account_id)
        if self.act(expected, act):
            self.model.blocks.add((name, other))
            self.model.part(name, other)

    def unblock(self, name: str, other: str) -> None:
        """Let somebody meet somebody again."""
        account_id = self.viewers[other].id
        self.act(None, partial(relationships.unblock, by=self.viewers[name], account_id=account_id))
        self.model.blocks.discard((name, other))

    def mute(self, name: str, other: str) -> None:
        """Let somebody not read somebody."""
        if self._relate(name, other, relationships.mute):
            self.model.mutes.add((name, other))

    def unmute(self, name: str, other: str) -> None:
        """Let somebody read somebody again."""
        account_id = self.viewers[other].id
        self.act(None, partial(relationships.unmute, by=self.viewers[name], account_id=account_id))
        self.model.mutes.discard((name, other))

    def lock(self, name: str, *, is_locked: bool) -> None:
        """Let somebody let in their followers by hand, or no longer."""
        make.locked(self.db, self.viewers[name], is_locked=is_locked)
        (self.model.locked.add if is_locked else self.model.locked.discard)(name)
        self.model.is_idle = False

    def accept(self, name: str, other: str) -> None:
        """Let somebody let in a person who asked."""
        account_id = self.viewers[other].id
        if self.act(
            None, partial(relationships.accept, by=self.viewers[name], account_id=account_id)
        ):
            self.model.requests.remove((other, name))
            self.model.follows.add((other, name))

    def refuse(self, name: str, other: str) -> None:
        """Let somebody turn down a person who asked."""
        account_id = self.viewers[other].id
        self.act(None, partial(relationships.refuse, by=self.viewers[name], account_id=account_id))
        self.model.requests.discard((other, name))

    def suspend(self, name: str) -> None:
        """Let whoever runs the server hide a person."""
        by, account_id = self.viewers[RUNNING_IT], self.viewers[name].id
        self.act(None, partial(administration.suspend, by=by, account_id=account_id))
        self.model.suspended.add(name)

    def restore(self, name: str) -> None:
        """Let whoever runs the server bring a person back."""
        by, account_id = self.viewers[RUNNING_IT], self.viewers[name].id
        self.act(None, partial(administration.restore, by=by, account_id=account_id))
        if name in self.model.suspended:
            self.model.suspended.remove(name)
            self.sign_in(name)

    def _act_on(self, name: str, post: Post, verb: Callable[..., bool]) -> bool:
        """Do what whoever sees a post may do; tell whether something has changed by it."""
        act = partial(verb, by=self.viewers[name], post_id=post.id)
        return bool(self.act(_unless(self.model.sees(name, post), NotFound), act))

    def _relate(self, name: str, other: str, verb: Callable[..., bool]) -> bool:
        act = partial(verb, by=self.viewers[name], account_id=self.viewers[other].id)
        return bool(self.act(_unless(self.model.meets(name, other), NotFound), act))

    def _choose_boosts(self, name: str, other: str, verb: Callable[..., bool]) -> bool:
        act = partial(verb, by=self.viewers[name], account_id=self.viewers[other].id)
        return bool(self.act(_unless((name, other) in self.model.follows, Invalid), act))

    def _unless_own(self, name: str, post: Post) -> Expected:
        sees = _unless(self.model.sees(name, post), NotFound)
        return sees or _unless(post.author == name, NotAllowed)

    def _as_read(self, version: Version) -> Version:
        """Return a version with a secret of its own, that names those whom the server finds."""
        self._secrets += 1
        named = version.named & set(self.model.present())
        secret = f"zq{self._secrets}q"
        return Version(secret, version.visibility, named, version.is_tagged, typed=named)


def _unless(is_so: bool, error: type[DomainError]) -> Expected:
    return None if is_so else error


def _unless_named(version: Version) -> Expected:
    return _unless(version.visibility != MENTIONED or bool(version.named), Invalid)


def _text(version: Version) -> str:
    names = " ".join(f"@{name}" for name in sorted(version.named))
    return f"{version.secret} {names} {f'#{TAG}' if version.is_tagged else ''}".strip()

"""Who may see what, in plain lines: what the server is held against, step by step.

It knows nothing of the server's code. People are names; nobody signed in is the empty name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

PUBLIC, QUIET, FOLLOWERS, MENTIONED = "public", "quiet", "followers", "mentioned"
FOR_EVERYBODY = (PUBLIC, QUIET)
NOBODY = ""
MOST_PINS = 5


@dataclass(frozen=True)
class Version:
    """How a post is, or was: its secret, and for whom it was meant."""

    secret: str
    visibility: str
    named: frozenset[str]
    is_tagged: bool
    # Whose names are in its text. It does not name those who were suspended when it was sent.
    typed: frozenset[str] = frozenset()


@dataclass
class Post:
    """A post, and what people did with it."""

    id: int
    author: str
    versions: list[Version]
    answers: "Post | None" = None
    file: str | None = None
    is_deleted: bool = False
    # It goes from the worker's table only then, and what may not be carried on with it.
    is_edited: bool = False
    is_pinned: bool = False
    favourites: set[str] = field(default_factory=set)
    boosts: set[str] = field(default_factory=set)
    bookmarks: set[str] = field(default_factory=set)

    @property
    def now(self) -> Version:
        """Return how it is."""
        return self.versions[-1]

    @property
    def is_answer(self) -> bool:
        """Tell whether it answers somebody else."""
        return self.answers is not None and self.answers.author != self.author

    @property
    def part(self) -> int:
        """Return its number among the posts in which its author goes on."""
        goes_on = self.answers is not None and not self.is_answer
        return self.answers.part + 1 if goes_on and self.answers else 1

    @property
    def series(self) -> int:
        """Return the id of the first of those posts."""
        return self.answers.series if self.answers and not self.is_answer else self.id


@dataclass
class Model:
    """Everybody, and everything they did."""

    people: tuple[str, ...]
    posts: list[Post] = field(default_factory=list)
    follows: set[tuple[str, str]] = field(default_factory=set)
    hidden_boosts: set[tuple[str, str]] = field(default_factory=set)
    requests: set[tuple[str, str]] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    mutes: set[tuple[str, str]] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)
    # Whether the worker has done all that there is to do.
    is_idle: bool = True

    def present(self) -> Iterator[str]:
        """Return the people who are not suspended."""
        return (name for name in self.people if name not in self.suspended)

    def apart(self, one: str, other: str) -> bool:
        """Tell whether two people have nothing to do with each other."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def meets(self, reader: str, other: str) -> bool:
        """Tell whether a reader may come across a person."""
        return other not in self.suspended and not self.apart(reader, other)

    def hears(self, reader: str, other: str) -> bool:
        """Tell whether a reader wants to come across a person, too."""
        return self.meets(reader, other) and (reader, other) not in self.mutes

    def knows(self, reader: str, post: Post) -> bool:
        """Tell whether a reader may know that there is, or was, a post."""
        return self.meets(reader, post.author) and self.is_for(reader, post, post.now)

    def sees(self, reader: str, post: Post) -> bool:
        """Tell whether a reader may see a post."""
        return self.knows(reader, post) and not post.is_deleted

    def is_for(self, reader: str, post: Post, version: Version) -> bool:
        """Tell whether a post, as it was once, was meant for a reader."""
        if version.visibility in FOR_EVERYBODY:
            return True
        if not reader:
            return False
        if reader == post.author or reader in version.named:
            return True
        return version.visibility == FOLLOWERS and (reader, post.author) in self.follows

    def seen(self, reader: str) -> list[Post]:
        """Return all posts that a reader may see."""
        return [post for post in self.posts if self.sees(reader, post)]

    def answers_to(self, reader: str, post: Post) -> list[Post]:
        """Return the answers to a post that a reader may see."""
        return [each for each in self.seen(reader) if each.answers is post]

    def history(self, reader: str, post: Post) -> list[Version]:
        """Return the versions of a post that a reader may see, the newest first."""
        older = takewhile(
            lambda version: self.is_for(reader, post, version), reversed(post.versions[:-1])
        )
        return [post.now, *older]

    def last_part(self, reader: str, post: Post) -> int:
        """Return the number of the last post of a series that a reader may see."""
        return max(
            (each.part for each in self.seen(reader) if each.series == post.series), default=0
        )

    def is_boosted_for(self, reader: str, post: Post) -> bool:
        """Tell whether somebody whose boosts a reader reads has boosted a post."""
        return any(
            (reader, name) in self.follows
            and (reader, name) not in self.hidden_boosts
            and self.hears(reader, name)
            for name in post.boosts
        )

    def is_by_followed(self, reader: str, post: Post) -> bool:
        """Tell whether a post is at home by its author: also answers, where both are followed."""
        if post.author == reader:
            return True
        if (reader, post.author) not in self.follows:
            return False
        if not post.is_answer or post.answers is None:
            return True
        answered = post.answers.author
        return answered == reader or (reader, answered) in self.follows

    def public_count(self, name: str) -> int:
        """Return how many posts of a person are for everybody."""
        return sum(
            post.author == name and not post.is_deleted and post.now.visibility in FOR_EVERYBODY
            for post in self.posts
        )

    def counts(self, post: Post) -> tuple[int, int, int]:
        """Return how often a post was answered, boosted and liked, as everybody may know."""
        answers = sum(
            each.answers is post and not each.is_deleted and each.now.visibility in FOR_EVERYBODY
            for each in self.posts
        )
        return answers, len(post.boosts), len(post.favourites)

    def work(self) -> None:
        """Do what the worker does: what could not be carried on is not, who waited is let in."""
        for post in self.posts:
            if post.is_edited and post.now.visibility not in FOR_EVERYBODY:
                may_stay = {post.author} if post.now.visibility == FOLLOWERS else set()
                post.boosts &= may_stay
            post.is_edited = False
        for asking, asked in sorted(self.requests):
            if asked not in self.locked:
                self.requests.remove((asking, asked))
                self.follows.add((asking, asked))
        self.is_idle = True

    def part(self, one: str, other: str) -> None:
        """End whatever goes on between two people."""
        for pair in ((one, other), (other, one)):
            self.follows.discard(pair)
            self.hidden_boosts.discard(pair)
            self.requests.discard(pair)

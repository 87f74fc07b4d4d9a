"""Who follows whom in the demo: those who share a language, a liking or a conversation."""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from random import Random

from microblog.domain.demo.script import Persona, Script

FEWEST, MOST = 5, 20
# What makes people follow each other, in points; chance decides what is left open.
_LANGUAGE, _LIKING, _CONVERSATION, _HOST, _CHANCE = 2, 2, 3, 6, 5


def follows(script: Script, random: Random) -> Iterator[tuple[str, str]]:
    """Yield each follower with whom they follow."""
    talked = Counter(
        pair
        for conversation in script.conversations
        for pair in permutations({line.username for line in conversation}, 2)
    )
    host = script.people[0]
    for person in script.people:
        others = [other for other in script.people if other is not person]
        points = {
            other.username: _in_common(person, other)
            + _CONVERSATION * talked[person.username, other.username]
            + _HOST * (other is host)
            + _CHANCE * random.random()
            for other in others
        }
        count = MOST if person is host else random.randint(FEWEST, MOST)
        for username in sorted(points, key=points.__getitem__, reverse=True)[:count]:
            yield person.username, username


def _in_common(person: Persona, other: Persona) -> int:
    languages, likes = person.languages & other.languages, person.likes & other.likes
    return _LANGUAGE * len(languages) + _LIKING * len(likes)

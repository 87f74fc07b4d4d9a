"""A crowd: how many people there are, who reads whom, and who writes how much, by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

_FEWEST, _MOST = 3, 8
# Weights of 1 / (rank + flatness): the smaller, the more goes to the first few.
_FLATNESS_OF_FAME = 1
_FLATNESS_OF_ACTIVITY = 10


@dataclass(frozen=True)
class LargePlan:
    """How large it shall be: `viewers` follow `follows` people each, the others a few."""

    accounts: int
    posts: int
    viewers: int = 200
    follows: int = 200
    seed: int = 1


class Crowd:
    """People by number, the first of them the viewers. Fame and activity have no connection."""

    def __init__(self, plan: LargePlan) -> None:
        self.plan = plan
        self._random = Random(plan.seed)
        self._numbers = range(plan.accounts)
        self._fame = self._weights(_FLATNESS_OF_FAME)
        self._activity = self._weights(_FLATNESS_OF_ACTIVITY)
        self.follows = [self._choose(number) for number in self._numbers]

    @property
    def follows_count(self) -> int:
        """Return how many follows there are in all."""
        return sum(map(len, self.follows))

    def authors(self, count: int) -> list[int]:
        """Return who writes the next so many posts."""
        return self._random.choices(self._numbers, cum_weights=self._activity, k=count)

    def _weights(self, flatness: int) -> list[float]:
        """Give everybody a rank by lot, and add up the weights of the ranks."""
        ranks = self._random.sample(self._numbers, len(self._numbers))
        return list(accumulate(1 / (rank + flatness) for rank in ranks))

    def _choose(self, number: int) -> Sequence[int]:
        plan = self.plan
        few = self._random.randint(_FEWEST, _MOST)
        wanted = min(plan.follows if number < plan.viewers else few, plan.accounts - 1)
        drawn = self._random.choices(self._numbers, cum_weights=self._fame, k=2 * wanted)
        chosen = dict.fromkeys(other for other in drawn if other != number)
        if len(chosen) < wanted:
            # The famous were drawn again and again: anybody fills the rest.
            rest = [other for other in self._numbers if other != number and other not in chosen]
            chosen |= dict.fromkeys(self._random.sample(rest, wanted - len(chosen)))
        return tuple(chosen)[:wanted]

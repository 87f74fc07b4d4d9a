"""When the people of the demo say what: while they are awake, and answers after questions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from microblog.domain.demo.script import MENTION, Line, Persona, Script, Shade

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEKS = timedelta(weeks=6)  # Conversations are spread over these.
_SETTLING = timedelta(hours=2)  # Nobody joins a conversation right after coming.
_INTRODUCTION_MINUTES = 40
_ANSWER_MINUTES = 8
# Some tags have a day of the week, counted from Monday.
_DAY_OF_TAG = {"#caturday": 5}


class Said(NamedTuple):
    """What somebody wrote, and when.

    In a conversation `talk` and `line` are its number and that of the line, and `answers` that of
    the line it answers.
    """

    at: datetime
    username: str
    text: str
    shade: Shade = Shade()
    talk: int | None = None
    line: int = 0
    answers: int | None = None


def plan(script: Script, now: datetime, random: Random) -> list[Said]:
    """Give every text its moment; return all of them, the oldest first."""
    said = [said for person in script.people for said in _own(person, now, random)]
    people = {person.username: person for person in script.people}
    count = len(script.conversations)
    for number, conversation in enumerate(script.conversations):
        share = (number + random.random()) / count
        speakers = [people[line.username] for line in conversation]
        moments = _conversation(conversation, speakers, share, now, random)
        said += [
            Said(at, line.username, line.text, talk=number, line=place, answers=answered)
            for place, (at, line, answered) in enumerate(
                zip(moments, conversation, _answers(conversation), strict=True)
            )
        ]
    return sorted(said, key=lambda said: said.at)


def joined_at(person: Persona, now: datetime) -> datetime:
    """Return when a person came to the server."""
    return now - person.joined * _DAY


def _own(person: Persona, now: datetime, random: Random) -> Iterator[Said]:
    joined = joined_at(person, now)
    introduction = joined + random.uniform(1, _INTRODUCTION_MINUTES) * _MINUTE
    pause = (now - introduction) / len(person.texts)
    later = (
        _awake(person, introduction + (number + random.random()) * pause, random)
        for number in range(1, len(person.texts))
    )
    moments = sorted(_between(moment, introduction, now, _DAY) for moment in later)
    for moment, text in zip((introduction, *moments), person.texts, strict=True):
        at = _on_its_day(text, moment, introduction, now)
        yield Said(at, person.username, text, person.shades.get(text, Shade()))


def _conversation(
    lines: tuple[Line, ...], speakers: list[Persona], share: float, now: datetime, random: Random
) -> list[datetime]:
    gaps = [
        timedelta(hours=line.hours) + (1 + random.expovariate(1 / _ANSWER_MINUTES)) * _MINUTE
        for line in lines
    ]
    earliest = max(joined_at(speaker, now) for speaker in speakers) + _SETTLING
    latest = now - sum(gaps, timedelta())
    start = now - (1 - share) * _WEEKS
    if not earliest < start < latest:
        start = earliest + share * (latest - earliest)
    start = _between(_awake(speakers[0], start, random), earliest, latest, _DAY)
    return [start + sum(gaps[: place + 1], timedelta()) for place in range(len(gaps))]


def _answers(lines: tuple[Line, ...]) -> list[int | None]:
    return [_answered(lines, place) for place in range(len(lines))]


def _answered(lines: tuple[Line, ...], place: int) -> int | None:
    """Return which line one answers: the last one of whom it names first, else the one before."""
    if place == 0:
        return None
    named = MENTION.match(lines[place].text)
    theirs = [earlier for earlier in range(place) if named and lines[earlier].username == named[1]]
    return theirs[-1] if theirs else place - 1


def _awake(person: Persona, moment: datetime, random: Random) -> datetime:
    """Return a moment of the same day at which the person is awake."""
    local = moment.astimezone(ZoneInfo(person.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    wakes, sleeps = person.hours
    for hour in (local.hour, local.hour + 24):
        if wakes <= hour < sleeps:
            return moment
    return (midnight + timedelta(hours=random.uniform(wakes, sleeps))).astimezone(moment.tzinfo)


def _on_its_day(text: str, moment: datetime, first: datetime, last: datetime) -> datetime:
    for tag, weekday in _DAY_OF_TAG.items():
        if tag in text:
            nearest = moment + ((weekday - moment.weekday() + 3) % 7 - 3) * _DAY
            moved = _between(nearest, first, last, 7 * _DAY)
            return moved if moved < last else moment
    return moment


def _between(moment: datetime, first: datetime, last: datetime, step: timedelta) -> datetime:
    """Move a moment by whole steps until it lies between the two."""
    while moment >= last:
        moment -= step
    while moment <= first:
        moment += step
    return moment

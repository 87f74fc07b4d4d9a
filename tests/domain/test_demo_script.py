"""What the people of the demo say can be posted as it stands, and they live by the clock."""

import re
from collections import Counter
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest

from microblog.domain.accounts import check_username
from microblog.domain.demo import circles, script, timetable
from microblog.domain.demo.script import Persona
from microblog.domain.demo.timetable import Said
from microblog.domain.posts import POST_LIMIT
from microblog.text.clean import clean
from microblog.text.count import length
from microblog.text.entities import Link, Mention, find

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
COMMUNITY = script.read()
USERNAMES = {person.username for person in COMMUNITY.people}
TEXTS = [
    *(text for person in COMMUNITY.people for text in person.texts),
    *(line.text for conversation in COMMUNITY.conversations for line in conversation),
]


def plan() -> list[Said]:
    return timetable.plan(COMMUNITY, NOW, Random(1))


def test_there_are_a_few_dozen_people_and_hundreds_of_texts_in_many_languages() -> None:
    languages = {language for person in COMMUNITY.people for language in person.languages}
    assert 30 <= len(COMMUNITY.people) <= 45
    assert 500 <= len(TEXTS) <= 800
    assert {"en", "es", "de", "fr", "pt", "ja", "ar", "tr", "hi", "he"} <= languages


def test_every_username_may_be_registered_and_is_there_once() -> None:
    names = [check_username(person.username) for person in COMMUNITY.people]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() for name in names)


def test_every_zone_is_known() -> None:
    assert {person.zone for person in COMMUNITY.people} <= available_timezones()


def test_no_text_is_written_twice() -> None:
    short = {text for text in TEXTS if len(text) < 12}  # Rain falls on more than one of them.
    assert [text for text, times in Counter(TEXTS).items() if times > 1 and text not in short] == []


def test_every_text_is_stored_as_it_stands_and_fits_a_post() -> None:
    assert [text for text in TEXTS if clean(text) != text or length(text) > POST_LIMIT] == []


def test_every_mention_is_of_somebody_who_is_there() -> None:
    mentions = {e.username for text in TEXTS for e in find(text) if isinstance(e, Mention)}
    assert mentions
    assert mentions <= USERNAMES


def test_no_link_leads_to_a_real_place() -> None:
    links = [entity.url for text in TEXTS for entity in find(text) if isinstance(entity, Link)]
    assert links
    assert all(link.startswith("https://example.org/") for link in links)


def test_a_conversation_is_between_people_who_are_there() -> None:
    assert len(COMMUNITY.conversations) > 30
    for conversation in COMMUNITY.conversations:
        speakers = {line.username for line in conversation}
        assert len(speakers) >= 2
        assert speakers <= USERNAMES


def test_everything_is_said_between_coming_and_now() -> None:
    joined = {person.username: timetable.joined_at(person, NOW) for person in COMMUNITY.people}
    said = plan()
    assert len(said) == len(TEXTS)
    assert [each for each in said if not joined[each.username] < each.at < NOW] == []


def test_there_is_something_new_every_day() -> None:
    days = Counter((NOW - each.at).days for each in plan())
    assert set(range(42)) <= set(days)


def test_answers_come_after_what_they_answer() -> None:
    said = {each.text: each.at for each in plan()}
    for conversation in COMMUNITY.conversations:
        moments = [said[line.text] for line in conversation]
        assert moments == sorted(moments)


def test_people_introduce_themselves_first() -> None:
    said = plan()
    for person in COMMUNITY.people:
        first = next(each for each in said if each.username == person.username)
        assert first.text == person.texts[0]


def test_people_write_while_they_are_awake(subtests: pytest.Subtests) -> None:
    said = {(each.username, each.text): each.at for each in plan()}
    for person in COMMUNITY.people:
        later = [said[person.username, text] for text in person.texts[1:]]
        with subtests.test(person.username):
            assert all(is_awake(person, moment) for moment in later)


def is_awake(person: Persona, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(person.zone))
    wakes, sleeps = person.hours
    return any(wakes <= hour < sleeps for hour in (local.hour, local.hour + 24))


def test_caturday_is_a_saturday() -> None:
    own = {text for person in COMMUNITY.people for text in person.texts}
    cats = [each.at for each in plan() if "#caturday" in each.text and each.text in own]
    assert len(cats) > 5
    assert {moment.weekday() for moment in cats} == {5}


def test_everybody_follows_five_to_twenty_people() -> None:
    pairs = list(circles.follows(COMMUNITY, Random(1)))
    following = Counter(follower for follower, _ in pairs)
    assert len(set(pairs)) == len(pairs)
    assert all(follower != followed for follower, followed in pairs)
    assert set(following) == USERNAMES
    assert all(circles.FEWEST <= count <= circles.MOST for count in following.values())


def test_nobody_is_left_without_a_follower() -> None:
    followed = {followed for _, followed in circles.follows(COMMUNITY, Random(1))}
    assert followed == USERNAMES


def test_a_renamed_person_is_renamed_wherever_they_are_mentioned() -> None:
    renamed = COMMUNITY.renamed({"maya": "maya_demo"})
    texts = " ".join(line.text for talk in renamed.conversations for line in talk)
    assert renamed.people[0].username == "maya_demo"
    assert "@maya_demo" in texts
    assert not re.search(r"@maya\b", texts)

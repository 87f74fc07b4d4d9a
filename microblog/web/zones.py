"""The time zones a person can choose from: by continent, each by its city in their language."""

from datetime import date, datetime, time
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from flask_babel import gettext as _

from microblog import clock
from microblog.moments import locale_of, offset
from microblog.web.i18n import language, unmarked, zone_names

# What CLDR calls the first part of a zone's name, by its codes for regions.
_CONTINENTS = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Asia": "142",
    "Australia": "AU",
    "Europe": "150",
}
# The only one there is Longyearbyen.
_ELSEWHERE = {"Arctic": "Europe"}

Choices = dict[str, list[tuple[str, str]]]


def zone_choices(chosen: str | None) -> Choices:
    """Return what can be chosen, by group: the zone's name, and what it is called.

    A zone that was chosen under a name of before, such as Asia/Calcutta, is offered as well.
    """
    places = _places(language(), clock.now().date())
    everywhere = [("", _("As my browser says")), ("UTC", "UTC")]
    offered = {name for group in places.values() for name, _label in group}
    if chosen and chosen not in offered | {"UTC"} and chosen in zone_names():
        everywhere.append((chosen, chosen.replace("_", " ")))
    return {_("Everywhere"): everywhere} | places


# Which offsets hold changes with the clocks; making a list takes 20 ms, and 60 the first.
@lru_cache(maxsize=32)
def _places(language_: str, today: date) -> Choices:
    noon = datetime.combine(today, time(12), ZoneInfo("UTC"))
    groups: Choices = {}
    for name in _names():
        city = _city(name, locale_of(language_))
        label = f"{city} ({offset(noon.astimezone(ZoneInfo(name)), language_)})"
        groups.setdefault(_continent(name, language_), []).append((name, label))
    for group in groups.values():
        group.sort(key=lambda choice: unmarked(choice[1]))
    return dict(sorted(groups.items(), key=lambda group: unmarked(group[0])))


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return a name for each zone: the one of today, of those that have several."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(columns[2] for columns in lines)


def _city(name: str, locale: Locale) -> str:
    """Return what the city of a zone is called; CLDR may know it under a name of before."""
    for known in (name, *_former_names().get(name, ())):
        city = locale.time_zones.get(known, {}).get("city")
        if city is not None:
            return str(city)
    return get_timezone_location(name, locale=locale, return_city=True)


@lru_cache(maxsize=1)
def _former_names() -> dict[str, list[str]]:
    former: dict[str, list[str]] = {}
    for alias, name in get_global("zone_aliases").items():
        former.setdefault(name, []).append(alias)
    return former


def _continent(name: str, language_: str) -> str:
    part = name.partition("/")[0]
    part = _ELSEWHERE.get(part, part)
    if part in _CONTINENTS:
        return str(locale_of(language_).territories[_CONTINENTS[part]])
    oceans = {"Atlantic": _("Atlantic"), "Indian": _("Indian Ocean"), "Pacific": _("Pacific")}
    return oceans[part]

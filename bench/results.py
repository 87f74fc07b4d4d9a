"""Everything a run has measured, and whether it is as good as was set out for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.scenarios.publishing import Publishing
from bench.scenarios.reading import Reading
from bench.scenarios.running import Running
from bench.scenarios.signing_in import SigningIn

HOT_PAGES = ("home", "explore", "profile", "permalink", "mixed")
_POLLS = {"poll": "poll for new posts", "badges": "poll that carries badges"}
_THREADS = ("short thread", "long thread")
_THREAD_TIMES = 1.5
# One for each level that is shown, however many there are.
_THREAD_STATEMENTS = 8
_PAGE_FLOORS, _POLL_FLOORS = 6.0, 4.0
_STATEMENTS = 2
_FAR_TIMES, _LARGE_TIMES, _LANGUAGE_TIMES = 1.15, 1.25, 1.05
_PUBLISH_MS = 10.0
_ROWS_PER_SECOND = 20_000
_IDLE_SECONDS = 0.5
_READING_P99_MS = 100.0
_START_SECONDS = 1.5
_PSS_BYTES = 220_000_000


@dataclass(frozen=True)
class Results:
    """What a run has measured; the pages by their names, the last size is the largest."""

    readings: Mapping[str, Reading]
    publishing: Publishing
    signing_in: SigningIn
    running: Running
    bystanders_share: float  # Of the processor, used by other programs meanwhile: 0 to 1.


@dataclass(frozen=True)
class Verdict:
    """A figure beside what it should be."""

    what: str
    target: str
    measured: str
    holds: bool


def verdicts(results: Results) -> list[Verdict]:
    """Judge every figure."""
    return [
        *_hot_pages(results.readings),
        *_distances(results.readings),
        *_poll(results.readings),
        *_threads(results.readings),
        *_publishing(results.publishing),
        *_signing_in(results.signing_in),
        *_running(results.running),
    ]


def floors(reading: Reading, size: str) -> float:
    """Return how many times the floor a page costs."""
    return reading.by_size[size].warm.cpu_ms / reading.floor.cpu_ms


def _hot_pages(readings: Mapping[str, Reading]) -> Iterator[Verdict]:
    for reading in (readings[page] for page in HOT_PAGES if page in readings):
        yield _processor_time(reading, reading.page, _PAGE_FLOORS)
        most = max(each.statements for each in reading.by_size.values())
        yield Verdict(
            f"{reading.page}: statements", f"at most {_STATEMENTS}", f"{most}", most <= _STATEMENTS
        )


def _processor_time(reading: Reading, what: str, most_floors: float) -> Verdict:
    """Judge a page by the size of data on which it costs the most."""
    size = max(reading.by_size, key=lambda name: reading.by_size[name].warm.cpu_ms)
    times, cpu_ms = floors(reading, size), reading.by_size[size].warm.cpu_ms
    return Verdict(
        f"{what}: processor time",
        f"at most {most_floors:g} floors",
        f"{times:.1f} floors ({cpu_ms:.2f} ms over {reading.floor.cpu_ms:.2f} ms)",
        times <= most_floors,
    )


def _distances(readings: Mapping[str, Reading]) -> Iterator[Verdict]:
    for reading in (readings[page] for page in HOT_PAGES if page in readings):
        if len(reading.by_size) > 1:
            first, *_, last = reading.by_size.values()
            yield _times(
                f"{reading.page}: the largest data against the smallest",
                last.warm.cpu_ms / first.warm.cpu_ms,
                _LARGE_TIMES,
            )
    yield from _beside_home(
        readings.get("far"), "home: 1,000 posts back against the first page", _FAR_TIMES
    )
    yield from _beside_home(
        readings.get("arabic"), "home: in Arabic against English", _LANGUAGE_TIMES
    )
    beyond = readings.get("beyond")
    if beyond is not None:
        cpu_ms = max(each.warm.cpu_ms for each in beyond.by_size.values())
        yield Verdict(
            "home: beyond the 2,000 entries kept",
            "is shown",
            f"is shown ({cpu_ms:.2f} ms)",
            holds=True,
        )


def _beside_home(reading: Reading | None, what: str, target: float) -> Iterator[Verdict]:
    if reading is not None and reading.home is not None:
        cpu_ms = next(iter(reading.by_size.values())).warm.cpu_ms
        yield _times(what, cpu_ms / reading.home.cpu_ms, target)


def _times(what: str, times: float, target: float) -> Verdict:
    return Verdict(what, f"at most {target:g} times", f"{times:.2f} times", times <= target)


def _poll(readings: Mapping[str, Reading]) -> Iterator[Verdict]:
    for page, what in _POLLS.items():
        if page in readings:
            yield _processor_time(readings[page], what, _POLL_FLOORS)


def _threads(readings: Mapping[str, Reading]) -> Iterator[Verdict]:
    if not all(page in readings for page in _THREADS):
        return
    short, long = (next(iter(readings[page].by_size.values())) for page in _THREADS)
    # The page of the long one shows more: what each answer has below it.
    yield _times(
        "a thread of 5,000 answers against one of 50, for as much that is shown",
        (long.warm.cpu_ms / long.warm.size_bytes) / (short.warm.cpu_ms / short.warm.size_bytes),
        _THREAD_TIMES,
    )
    yield Verdict(
        "a thread of 5,000 answers: statements",
        f"at most {_THREAD_STATEMENTS}",
        f"{long.statements} (of 50: {short.statements})",
        long.statements <= _THREAD_STATEMENTS,
    )


def _publishing(found: Publishing) -> Iterator[Verdict]:
    yield Verdict(
        f"publishing to {found.followers:,} followers: processor time of the request",
        f"under {_PUBLISH_MS:g} ms",
        f"{found.famous.cpu_ms:.1f} ms (to 5 followers {found.quiet.cpu_ms:.1f} ms)",
        found.famous.cpu_ms < _PUBLISH_MS,
    )
    yield Verdict(
        "delivery by the job worker",
        f"at least {_ROWS_PER_SECOND:,} rows a second",
        f"{found.rows_per_second:,.0f} rows a second",
        found.rows_per_second >= _ROWS_PER_SECOND,
    )
    slowest = found.idle_seconds[-1]
    yield Verdict(
        "a post is in all followers' timelines, when idle",
        f"within {_IDLE_SECONDS:g} s",
        f"{slowest:.2f} s at most",
        slowest <= _IDLE_SECONDS,
    )


def _signing_in(found: SigningIn) -> Iterator[Verdict]:
    for who, beside in (("wait", found.patient), ("do not wait", found.impatient)):
        yield Verdict(
            f"p99 of reading beside 50 parallel logins that {who} when refused",
            f"at most {_READING_P99_MS:g} ms",
            f"{beside.p99_ms:.0f} ms ({beside.logins_per_second:.1f} logins a second)",
            beside.p99_ms <= _READING_P99_MS,
        )


def _running(found: Running) -> Iterator[Verdict]:
    slowest = max(found.start_seconds)
    yield Verdict(
        "first answer after the start",
        f"within {_START_SECONDS:g} s",
        f"{slowest:.2f} s at most",
        slowest <= _START_SECONDS,
    )
    yield Verdict(
        "memory of everything, warm",
        f"under {_PSS_BYTES / 1e6:.0f} MB",
        f"{found.warm_pss_bytes / 1e6:.0f} MB",
        found.warm_pss_bytes < _PSS_BYTES,
    )

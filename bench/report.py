"""Writes what was measured into docs/performance.md, between its two marks; the prose stays."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench import machine
from bench.measuring import Figures
from bench.results import Results, floors, verdicts
from bench.scenarios.reading import Reading
from bench.scenarios.signing_in import Beside
from microblog import clock

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


def write(results: Results, path: Path) -> None:
    """Replace what an earlier run has written."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path.name} has lost its marks {BEGIN} and {END}.")
    path.write_text(f"{before}{BEGIN}\n\n{render(results)}\n{END}{after}", encoding="utf-8")


def render(results: Results) -> str:
    """Return the figures as Markdown."""
    parts = [_machine(results), _verdicts(results), _pages(results), _others(results)]
    return "\n".join(parts)


def _machine(results: Results) -> str:
    return (
        f"Measured on {clock.now():%Y-%m-%d}: {machine.describe()}. "
        f"Other programs took {results.bystanders_share:.0%} of the processor meanwhile.\n"
    )


def _verdicts(results: Results) -> str:
    rows = [
        (each.what, each.target, each.measured, "yes" if each.holds else "**no**")
        for each in verdicts(results)
    ]
    return _table(("figure", "target", "measured", "holds"), rows)


def _pages(results: Results) -> str:
    heads = (
        *("page", "data", "requests/s", "CPU ms", "floor CPU ms", "floors"),
        *("p50 ms", "p99 ms", "cold CPU ms", "cold p50 ms", "statements", "bytes"),
    )
    rows = [row for reading in results.readings.values() for row in _page_rows(reading)]
    return "### Pages\n\n" + _table(heads, rows)


def _page_rows(reading: Reading) -> Iterator[Sequence[str]]:
    for size, found in reading.by_size.items():
        warm = found.warm
        yield (
            *(reading.page, size, f"{warm.requests_per_second:,.0f}", f"{warm.cpu_ms:.3f}"),
            *(f"{reading.floor.cpu_ms:.3f}", f"{floors(reading, size):.2f}"),
            *(f"{warm.p50_ms:.1f}", f"{warm.p99_ms:.1f}"),
            *(f"{found.cold.cpu_ms:.2f}", f"{found.cold.p50_ms:.1f}"),
            *(f"{found.statements}", f"{warm.size_bytes:,}"),
        )


def _others(results: Results) -> str:
    publishing, signing_in, running = results.publishing, results.signing_in, results.running
    idle = publishing.idle_seconds
    rows = [
        (f"publishing, {publishing.followers:,} followers", _requests(publishing.famous)),
        ("publishing, 5 followers", _requests(publishing.quiet)),
        ("publishing: statements of the request", f"{publishing.statements}"),
        (
            "delivery: rows a second of the job worker's processor time",
            f"{publishing.rows_per_cpu_second:,.0f}",
        ),
        ("delivery when idle: median", f"{idle[len(idle) // 2]:.2f} s"),
        ("p99 of reading without logins beside it", f"{signing_in.alone_p99_ms:.1f} ms"),
        ("50 parallel logins that wait when refused", _beside(signing_in.patient)),
        ("50 parallel logins that do not wait", _beside(signing_in.impatient)),
        ("first answer after the start: median", f"{running.median_start_seconds:.2f} s"),
        ("memory just after the start", f"{running.fresh_pss_bytes / 1e6:.0f} MB"),
        ("memory warm: the web worker's", f"{running.web_pss_bytes / 1e6:.0f} MB"),
        ("memory warm: the job worker's", f"{running.jobs_pss_bytes / 1e6:.0f} MB"),
    ]
    return "### Everything else\n\n" + _table(("figure", "measured"), rows)


def _requests(found: Figures) -> str:
    speed = f"{found.requests_per_second:,.0f} a second, CPU {found.cpu_ms:.2f} ms"
    return f"{speed}, p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms"


def _beside(found: Beside) -> str:
    logins = f"{found.logins_per_second:.1f} done, {found.refusals_per_second:.0f} refused a second"
    reading = f"reading {found.pages_per_second:,.0f} pages a second"
    return f"{logins}; {reading}, p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

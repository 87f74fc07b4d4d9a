"""`python -m bench`: run the benchmark and write docs/performance.md."""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import report
from bench.data import Community, open_copy
from bench.machine import Bystanders, await_quiet
from bench.plan import FULL, QUICK, Plan
from bench.results import Results
from bench.scenarios.publishing import publish
from bench.scenarios.reading import read
from bench.scenarios.running import run as start_and_read_all
from bench.scenarios.signing_in import sign_in
from bench.server import ROOT

REPORT = ROOT / "docs" / "performance.md"


def main() -> None:
    """Run the benchmark as the command line says."""
    options = _options()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="microblog-bench-")))
        store = options.keep or scratch / "store"
        results = run(QUICK if options.quick else FULL, store, scratch)
    if options.quick:
        print(report.render(results))
    else:
        report.write(results, REPORT)
        print(f"Written: {REPORT.relative_to(ROOT)}")


def run(plan: Plan, store: Path, scratch: Path) -> Results:
    """Measure everything in the plan, on copies of the communities in the store."""
    communities = []
    for size in plan.sizes:
        print(f"{size.accounts:,} accounts, {size.posts:,} posts", flush=True)
        communities.append(open_copy(size, store, scratch / size.name))
    talkative = []
    if plan.talkative is not None:
        print("A community that talks", flush=True)
        talkative.append(open_copy(plan.talkative, store, scratch / plan.talkative.name))
    return _measure(plan, communities, talkative)


def _measure(
    plan: Plan, communities: Sequence[Community], talkative: Sequence[Community]
) -> Results:
    first, last = communities[0], communities[-1]
    others = Bystanders()
    readings = {}
    for page in plan.pages:
        _begin(plan, page)
        readings[page] = read(page, communities, plan)
    for page in plan.talk_pages if talkative else ():
        _begin(plan, page)
        readings[page] = read(page, talkative, plan)
    _begin(plan, "starting, memory")
    running = start_and_read_all(last, plan)
    _begin(plan, "logging in")
    signing_in = sign_in(first, plan)
    # The last, because it changes what is on the pages.
    _begin(plan, "publishing, delivery")
    return Results(readings, publish(first, plan), signing_in, running, others.share())


def _begin(plan: Plan, what: str) -> None:
    print(f"Measuring: {what}", flush=True)
    if plan.waits_for_quiet:
        await_quiet()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Print a rough look, in a minute.")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="Keep the data there for the next run."
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Every case of the corpus of hostile and odd inputs whose door exists, on each database."""

from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.corpus import (
    run_administration,
    run_limits,
    run_mail,
    run_messages,
    run_program,
    run_requests,
    run_resets,
    run_sign_in,
    run_texts,
    run_tokens,
    run_translation,
    run_uploads,
    run_visibility,
)
from tests.corpus.badinputs import WHY_NOT, Case, read_cases
from tests.corpus.doors_missing import DOORS_MISSING
from tests.corpus.scene import Scene
from tests.databases import TestDatabase

RUNNERS = {
    **run_administration.RUNNERS,
    **run_sign_in.RUNNERS,
    **run_resets.RUNNERS,
    **run_tokens.RUNNERS,
    **run_mail.RUNNERS,
    **run_messages.RUNNERS,
    **run_limits.RUNNERS,
    **run_requests.RUNNERS,
    **run_texts.RUNNERS,
    **run_uploads.RUNNERS,
    **run_translation.RUNNERS,
    **run_program.RUNNERS,
    **run_visibility.RUNNERS,
}
CASES = {case.id: case for case in read_cases()}
TO_RUN = [case for id_, case in CASES.items() if id_ not in DOORS_MISSING]
NOT_THERE = pytest.param(None, id="none", marks=pytest.mark.skip(reason=WHY_NOT))

needs_corpus = pytest.mark.skipif(not CASES, reason=WHY_NOT)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in TO_RUN] or [NOT_THERE])
def test_case(
    case: Case, app: Flask, cast: Cast, prepared_database: TestDatabase, tmp_path: Path
) -> None:
    RUNNERS[case.kind](Scene(case, app, cast, prepared_database, tmp_path))


@needs_corpus
def test_every_case_is_run_or_listed() -> None:
    assert {case.kind for case in TO_RUN} <= set(RUNNERS)


@needs_corpus
def test_nothing_is_listed_that_is_no_case() -> None:
    assert set(DOORS_MISSING) <= set(CASES)


@needs_corpus
def test_no_runner_is_left_without_a_case() -> None:
    assert set(RUNNERS) <= {case.kind for case in TO_RUN}


@needs_corpus
@pytest.mark.sqlite_only
@pytest.mark.parametrize("id_", sorted(DOORS_MISSING))
def test_no_case_is_listed_whose_door_is_there(id_: str, app: Flask) -> None:
    door = DOORS_MISSING[id_]
    assert not door.is_there(app), f'{id_} can be run by now; it is listed as "{door.reason}"'

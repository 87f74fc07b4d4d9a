"""The corpus of hostile and odd inputs that lies beside the repository, read and made concrete."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "badinputs.jsonl"
WHY_NOT = f"The corpus of hostile inputs is not there: {FILE}"


@dataclass(frozen=True)
class Case:
    """One line: what goes in, and what must come of it."""

    id: str
    kind: str
    surface: str
    input: dict[str, Any]
    status: tuple[int | str, ...]
    check: str

    @property
    def value(self) -> str:
        """Return the text that goes in, where there is one."""
        return expand(self.input["value"])

    @property
    def path(self) -> str:
        """Return the path that is asked for, where there is one."""
        return str(self.input["path"])

    def allows(self, status: int, *, is_form: bool = False) -> bool:
        """Tell whether an answer's status is one of those expected.

        A redirect may be 302 or 303, and it is how a form of ours says what an API says by 200.
        """
        if status in (302, 303):
            return bool({302, 303, *((200, 201) if is_form else ())} & set(self.status))
        return status in self.status


def read_cases() -> list[Case]:
    """Return every case; none where the corpus is not there."""
    if not FILE.exists():
        return []
    return [_case(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]


def expand(value: Any) -> str:
    """Return a text, repeated where the corpus says so."""
    if isinstance(value, dict):
        text, times = value["$repeat"]
        return str(text) * int(times)
    return str(value)


def _case(line: dict[str, Any]) -> Case:
    expected = line["expect"]
    return Case(
        line["id"],
        line["class"],
        line["surface"],
        line["input"],
        tuple(expected["status"]),
        expected["check"],
    )

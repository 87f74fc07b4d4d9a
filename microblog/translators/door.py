"""What every translating service is asked, what it answers, and how it fails."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from microblog.outgoing import Fetched, OutgoingError, ask

# For everything together: somebody waits for it, and so does one of our threads.
TIMEOUT_SECONDS = 8.0
MAX_ANSWER_BYTES = 200_000

Code = Literal["timeout", "unreachable", "quota", "refused", "unsupported", "nonsense"]


class TranslatorError(Exception):
    """There is no translation; `code` says why.

    `timeout` and `unreachable`: try again; `quota`: used up for now; `refused`: the key is wrong;
    `unsupported`: not between these languages; `nonsense`: an answer that is no translation.
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


@dataclass(frozen=True)
class Translated:
    """Lines in another language, and the one they were in, as the service says."""

    lines: Sequence[str]
    source: str


class Translator(Protocol):
    """A translating service."""

    @property
    def name(self) -> str:
        """Return what people know it by."""

    def translate(self, lines: Sequence[str], source: str, target: str) -> Translated:
        """Translate lines of HTML, each by itself, keeping their elements.

        **Raises** TranslatorError.
        """


def post_json(url: str, question: Any, headers: Mapping[str, str]) -> Fetched:
    """Ask a service. **Raises** TranslatorError where there is no answer that could be read."""
    try:
        return ask(
            url,
            question,
            headers=headers,
            max_bytes=MAX_ANSWER_BYTES,
            timeout_seconds=TIMEOUT_SECONDS,
        )
    except OutgoingError as error:
        # Not "from" it: what was asked, the key included, is nobody else's.
        raise TranslatorError(_CODES.get(error.code, "unreachable")) from None


def parse(answer: Fetched) -> Any:
    """Return the JSON of an answer. **Raises** TranslatorError when it is none."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise TranslatorError("nonsense") from None


_CODES: Mapping[str, Code] = {"timeout": "timeout", "too_large": "nonsense"}

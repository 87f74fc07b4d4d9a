"""LibreTranslate, one's own or somebody's. Source: its API reference, POST /translate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from microblog.translators.door import Code, Translated, TranslatorError, parse, post_json

_STATUSES: dict[int, Code] = {403: "refused", 408: "timeout", 429: "quota"}
# Where its tags are not ours.
_TAGS = {"no": "nb"}


@dataclass(frozen=True)
class LibreTranslator:
    """A LibreTranslate server; many ask for no key."""

    url: str
    key: str | None = field(default=None, repr=False)
    name: str = "LibreTranslate"

    def translate(self, lines: Sequence[str], source: str, target: str) -> Translated:
        """Translate lines of HTML. **Raises** TranslatorError."""
        question = {
            "q": list(lines),
            "source": _TAGS.get(source, source),
            "target": _TAGS.get(target, target),
            "format": "html",
        }
        if self.key:
            question["api_key"] = self.key
        answer = post_json(f"{self.url.rstrip('/')}/translate", question, {})
        if answer.status != 200:
            raise TranslatorError(_code(answer.status, parse(answer)))
        return Translated(_lines(parse(answer)), source)


def _code(status: int, body: Any) -> Code:
    said = str(body.get("error", "")) if isinstance(body, dict) else ""
    if status == 400:
        # The words are all there is to tell a missing key from a language that is not there.
        return "refused" if "api key" in said.lower() else "unsupported"
    return _STATUSES.get(status, "unreachable" if status >= 500 else "nonsense")


def _lines(body: Any) -> list[str]:
    try:
        lines = body["translatedText"]
    except (KeyError, TypeError):
        raise TranslatorError("nonsense") from None
    if not isinstance(lines, list):
        raise TranslatorError("nonsense")
    return lines

"""Azure Translator. Source: its REST reference, version 3.0, "Translate" and "Errors"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from microblog.translators.door import Code, Translated, TranslatorError, parse, post_json

# Where Azure's tags are not ours.
_TAGS = {"zh": "zh-Hans", "no": "nb", "sr": "sr-Cyrl"}
# Errors of the request itself: a language that is not known, as source or target.
_UNSUPPORTED = {400018, 400019, 400023, 400035, 400036}
_STATUSES: dict[int, Code] = {401: "refused", 403: "refused", 408: "timeout", 429: "quota"}
# The free quota is used up.
_QUOTA = 403001


@dataclass(frozen=True)
class AzureTranslator:
    """A subscription of Azure Translator; the region is empty for a global one."""

    url: str
    key: str = field(repr=False)
    region: str = ""
    name: str = "Azure Translator"

    def translate(self, lines: Sequence[str], source: str, target: str) -> Translated:
        """Translate lines of HTML. **Raises** TranslatorError."""
        query = urlencode(
            {
                "api-version": "3.0",
                "textType": "html",
                "from": _TAGS.get(source, source),
                "to": _TAGS.get(target, target),
            }
        )
        headers = {"Ocp-Apim-Subscription-Key": self.key}
        if self.region:
            headers["Ocp-Apim-Subscription-Region"] = self.region
        question = [{"Text": line} for line in lines]
        answer = post_json(f"{self.url.rstrip('/')}/translate?{query}", question, headers)
        if answer.status != 200:
            raise TranslatorError(_code(answer.status, parse(answer)))
        return Translated(_lines(parse(answer)), source)


def _code(status: int, body: Any) -> Code:
    try:
        number = body["error"]["code"]
    except (KeyError, TypeError):
        number = 0
    if number == _QUOTA:
        return "quota"
    if number in _UNSUPPORTED:
        return "unsupported"
    return _STATUSES.get(status, "unreachable" if status >= 500 else "nonsense")


def _lines(body: Any) -> list[str]:
    try:
        lines = [line["translations"][0]["text"] for line in body]
    except (KeyError, IndexError, TypeError):
        raise TranslatorError("nonsense") from None
    return lines

"""How Mozilla's HTTP Observatory scores an answer, as far as one answer can show it.

Everybody begins with 100 points. What is missing or unsafe costs some; what is better than needed
brings some, to those who have lost no more than ten. The most that anybody can have is 145: five of
these points are for a cookie that is kept safe, five for scripts that browsers check by their hash,
and five for a host that browsers know to speak https only, as all below .dev do.

**Source** The tests and their modifiers: https://developer.mozilla.org/observatory/docs/tests_and_scoring
"""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.page import Element, Page

BASE = 100
# Whoever has less gets no extra points.
ENOUGH_FOR_EXTRA = 90
PRELOADED = re.compile(r"\.(app|dev|page)\Z")
_SIX_MONTHS_SECONDS = 15_768_000
_SESSION_NAME = re.compile(r"auth|login|sess|sid|token", re.IGNORECASE)
_PRIVATE_REFERRERS = {
    *("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"),
}

MODIFIERS = {
    "csp-default-src-none": 10,
    "csp-no-unsafe": 5,
    "csp-unsafe-inline-in-style-only": 0,
    "csp-insecure-scheme-in-passive-content": -10,
    "csp-unsafe-eval": -10,
    "csp-unsafe-inline": -20,
    "csp-insecure-scheme": -20,
    "csp-missing": -25,
    "cookies-secure-http-only-same-site": 5,
    "cookies-secure-http-only": 0,
    "cookies-not-found": 0,
    "cookies-without-secure": -20,
    "cookies-same-site-invalid": -20,
    "cookies-session-without-http-only": -30,
    "cookies-session-without-secure": -40,
    "cors-not-implemented": 0,
    "cors-public": 0,
    "cors-universal": -50,
    "redirection-stays": 0,
    "redirection-off-host": -5,
    "redirection-not-to-https": -20,
    "referrer-private": 5,
    "referrer-missing": 0,
    "referrer-unsafe": -5,
    "hsts-preloaded": 5,
    "hsts-six-months": 0,
    "hsts-short": -10,
    "hsts-missing": -20,
    "sri-all-scripts": 5,
    "sri-not-html": 0,
    "sri-no-scripts": 0,
    "sri-missing-same-origin": 0,
    "sri-missing-elsewhere": -5,
    "sri-missing-insecure": -50,
    "nosniff": 0,
    "nosniff-missing": -5,
    "frames-refused-by-csp": 5,
    "frames-refused": 5,
    "frames-allowed": -20,
    "resource-policy-same-origin": 10,
    "resource-policy-cross-origin": 0,
    "resource-policy-missing": 0,
    "resource-policy-invalid": -5,
}


@dataclass(frozen=True)
class Score:
    """The points, and what they were given for."""

    points: int
    findings: tuple[str, ...]

    @property
    def has_cookie(self) -> bool:
        """Tell whether the answer sets a cookie."""
        return "cookies-not-found" not in self.findings

    @property
    def has_scripts(self) -> bool:
        """Tell whether the answer is a page that loads scripts."""
        return not {"sri-not-html", "sri-no-scripts"} & set(self.findings)


def score(response: TestResponse, address: str) -> Score:
    """Score an answer from a host that is reached at an https address."""
    findings = (
        policy(response),
        cookies(response),
        sharing(response),
        redirection(response, address),
        referrer(response),
        transport(response, address),
        scripts(response, address),
        "nosniff" if header(response, "X-Content-Type-Options") == "nosniff" else "nosniff-missing",
        frames(response),
        resource_policy(response),
    )
    modifiers = [MODIFIERS[finding] for finding in findings]
    points = BASE + sum(modifier for modifier in modifiers if modifier < 0)
    if points >= ENOUGH_FOR_EXTRA:
        points += sum(modifier for modifier in modifiers if modifier > 0)
    return Score(max(0, points), findings)


def policy(response: TestResponse) -> str:
    """Judge what may be loaded and run."""
    rules = directives(response)
    if not rules:
        return "csp-missing"
    default = rules.get("default-src", ["*"])
    runs = [*rules.get("script-src", default), *rules.get("object-src", default)]
    styles = rules.get("style-src", default)
    passive = [*rules.get("img-src", default), *rules.get("media-src", default)]
    if {"'unsafe-inline'", "data:", "*", "https:"} & set(runs):
        return "csp-unsafe-inline"
    if any(source.startswith(("http:", "ftp:")) for source in [*runs, *styles]):
        return "csp-insecure-scheme"
    if "'unsafe-eval'" in runs:
        return "csp-unsafe-eval"
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return "csp-insecure-scheme-in-passive-content"
    if "'unsafe-inline'" in styles:
        return "csp-unsafe-inline-in-style-only"
    return "csp-default-src-none" if default == ["'none'"] else "csp-no-unsafe"


def cookies(response: TestResponse) -> str:
    """Judge the worst of the cookies."""
    found = [judged for line in response.headers.getlist("Set-Cookie") for judged in _judged(line)]
    return min(found, key=MODIFIERS.__getitem__, default="cookies-not-found")


def sharing(response: TestResponse) -> str:
    """Judge who may read the answer from another site."""
    origin = header(response, "Access-Control-Allow-Origin")
    if origin is None:
        return "cors-not-implemented"
    allows_cookies = header(response, "Access-Control-Allow-Credentials") == "true"
    return "cors-universal" if allows_cookies else "cors-public"


def redirection(response: TestResponse, address: str) -> str:
    """Judge where the answer leads."""
    target = urlsplit(header(response, "Location") or "")
    if target.scheme not in ("", "https"):
        return "redirection-not-to-https"
    is_here = target.netloc in ("", urlsplit(address).netloc)
    return "redirection-stays" if is_here else "redirection-off-host"


def referrer(response: TestResponse) -> str:
    """Judge what other servers learn of where somebody was; the last policy known counts."""
    value = header(response, "Referrer-Policy")
    if value is None:
        return "referrer-missing"
    last = value.split(",")[-1].strip().lower()
    return "referrer-private" if last in _PRIVATE_REFERRERS else "referrer-unsafe"


def transport(response: TestResponse, address: str) -> str:
    """Judge whether browsers keep to https."""
    value = header(response, "Strict-Transport-Security") or ""
    age = re.search(r"max-age=(\d+)", value)
    if age is None:
        return "hsts-missing"
    if int(age[1]) < _SIX_MONTHS_SECONDS:
        return "hsts-short"
    is_preloaded = PRELOADED.search(urlsplit(address).hostname or "")
    return "hsts-preloaded" if is_preloaded else "hsts-six-months"


def scripts(response: TestResponse, address: str) -> str:
    """Judge whether what runs in a page is what its server meant."""
    is_page = response.mimetype == "text/html" and "Location" not in response.headers
    if not is_page or not response.text.lstrip().startswith("<!doctype"):
        return "sri-not-html"
    found = [script for script in Page(response.text).all("script") if "src" in script.attributes]
    judged = [_judge_script(script, address) for script in found]
    return min(judged, key=MODIFIERS.__getitem__, default="sri-no-scripts")


def frames(response: TestResponse) -> str:
    """Judge whether another site may show the page inside its own."""
    ancestors = directives(response).get("frame-ancestors")
    if ancestors is not None and "*" not in ancestors:
        return "frames-refused-by-csp"
    value = (header(response, "X-Frame-Options") or "").upper()
    return "frames-refused" if value in ("DENY", "SAMEORIGIN") else "frames-allowed"


def resource_policy(response: TestResponse) -> str:
    """Judge which sites may load the answer into their pages."""
    value = header(response, "Cross-Origin-Resource-Policy")
    if value is None:
        return "resource-policy-missing"
    if value in ("same-origin", "same-site"):
        return "resource-policy-same-origin"
    is_known = value == "cross-origin"
    return "resource-policy-cross-origin" if is_known else "resource-policy-invalid"


def header(response: TestResponse, name: str) -> str | None:
    """Return a header as a browser reads it: several of one name are one."""
    values = response.headers.getlist(name)
    return ", ".join(values) if values else None


def directives(response: TestResponse) -> dict[str, list[str]]:
    """Return the rules of the Content-Security-Policy."""
    parts = (header(response, "Content-Security-Policy") or "").split(";")
    named = [part.split() for part in parts if part.strip()]
    return {name.lower(): values or ["'none'"] for name, *values in named}


def _judged(line: str) -> list[str]:
    return [_judge_cookie(morsel.key, morsel) for morsel in SimpleCookie(line).values()]


def _judge_cookie(name: str, morsel: dict[str, str]) -> str:
    is_session = _SESSION_NAME.search(name) is not None
    if not morsel["secure"]:
        return "cookies-session-without-secure" if is_session else "cookies-without-secure"
    if not morsel["httponly"] and is_session:
        return "cookies-session-without-http-only"
    same_site = morsel["samesite"].lower()
    if same_site in ("lax", "strict"):
        return "cookies-secure-http-only-same-site"
    return "cookies-same-site-invalid" if same_site else "cookies-secure-http-only"


def _judge_script(script: Element, address: str) -> str:
    source = urlsplit(script["src"])
    is_here = source.netloc in ("", urlsplit(address).netloc)
    if source.scheme not in ("", "https"):
        return "sri-missing-insecure"
    if re.match(r"sha(256|384|512)-", script.attributes.get("integrity", "")):
        return "sri-all-scripts"
    return "sri-missing-same-origin" if is_here else "sri-missing-elsewhere"

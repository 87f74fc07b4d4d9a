"""Which browser a User-Agent speaks of, on which system: only what it says for certain.

Browsers name each other there, for old times' sake: what only one of them says is looked for
first. Whatever is not known stays unknown.
"""

from typing import NamedTuple


class Device(NamedTuple):
    """A browser and the system it runs on, by name; either is empty when it is not known."""

    browser: str
    system: str


# By what each says and the ones below it do not.
_BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/", "Edge/"), "Edge"),
    (("OPR/", "OPT/", "OPX/"), "Opera"),
    (("Vivaldi/",), "Vivaldi"),
    (("YaBrowser/",), "Yandex Browser"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("DuckDuckGo/", "Ddg/"), "DuckDuckGo"),
    (("SeaMonkey/",), "SeaMonkey"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("Chromium/",), "Chromium"),
    (("Chrome/", "CriOS/"), "Chrome"),
)
_SYSTEMS = (
    ("Windows NT", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPod", "iOS"),
    ("iPad", "iPadOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("NetBSD", "NetBSD"),
)
# Programs that only say that they are like a browser, and an app's view of a page.
_NO_BROWSER = ("compatible;", "; wv)", "Electron/")
_APPLE_SYSTEMS = ("iOS", "iPadOS", "macOS")


def recognise(agent: str) -> Device:
    """Return the browser and the system that a User-Agent names."""
    if not agent.startswith("Mozilla/5.0 ("):
        return Device("", "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if any(sign in agent for sign in _NO_BROWSER):
        return Device("", system)
    for signs, name in _BROWSERS:
        if any(sign in agent for sign in signs):
            return Device(name, system)
    # Everything that shows pages with WebKit says "Safari"; only Apple makes that.
    is_safari = "Version/" in agent and " Safari/" in agent and system in _APPLE_SYSTEMS
    return Device("Safari" if is_safari else "", system)

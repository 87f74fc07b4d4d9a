"""Which browser and system a User-Agent names, and that nothing is made up."""

import time

import pytest

from microblog.text.agents import Device, recognise

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
SAMSUNG = CHROMIUM.replace("Chrome", "SamsungBrowser/28.0 Chrome")
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
PHONE = "Mozilla/5.0 (Linux; Android 10; K)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X)"


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            "Firefox",
            "Android",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox",
            "Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox",
            "Windows",
        ),
        (f"{IPHONE} {WEBKIT} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iOS"),
        (f"{WINDOWS} {CHROMIUM} Safari/537.36", "Chrome", "Windows"),
        (f"{MAC} {CHROMIUM} Safari/537.36", "Chrome", "macOS"),
        (f"{PHONE} {CHROMIUM} Mobile Safari/537.36", "Chrome", "Android"),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROMIUM} Safari/537.36",
            "Chrome",
            "ChromeOS",
        ),
        (f"{IPHONE} {WEBKIT} CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome", "iOS"),
        (
            f"{LINUX} {CHROMIUM.replace('Chrome', 'HeadlessChrome')} Safari/537.36",
            "Chrome",
            "Linux",
        ),
        (f"{WINDOWS} {CHROMIUM} Safari/537.36 Edg/140.0.0.0", "Edge", "Windows"),
        (f"{PHONE} {CHROMIUM} Mobile Safari/537.36 EdgA/140.0.0.0", "Edge", "Android"),
        (f"{WINDOWS} {CHROMIUM} Safari/537.36 OPR/120.0.0.0", "Opera", "Windows"),
        (f"{LINUX} {CHROMIUM} Safari/537.36 Vivaldi/7.5", "Vivaldi", "Linux"),
        (
            f"{PHONE} {SAMSUNG} Mobile Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        (f"{MAC} {WEBKIT} Version/18.5 Safari/605.1.15", "Safari", "macOS"),
        (f"{IPHONE} {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1", "Safari", "iOS"),
        (f"{IPAD} {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1", "Safari", "iPadOS"),
        (
            "Mozilla/5.0 (X11; FreeBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox",
            "FreeBSD",
        ),
    ],
)
def test_a_browser_and_its_system_are_recognised(agent: str, browser: str, system: str) -> None:
    assert recognise(agent) == Device(browser, system)


@pytest.mark.parametrize(
    ("agent", "system"),
    [
        ("", ""),
        ("curl/8.14.1", ""),
        ("python-httpx/0.28.1", ""),
        ("Firefox on Android", ""),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", ""),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", ""),
        # An app that shows pages: not the browser whose engine it uses.
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) {CHROMIUM} Mobile Safari/537.36",
            "Android",
        ),
        (f"{IPHONE} {WEBKIT} Mobile/15E148", "iOS"),
        (f"{LINUX} {CHROMIUM} Electron/37.2.0 Safari/537.36", "Linux"),
        # There is no Safari for Linux.
        (f"{LINUX} {WEBKIT} Version/18.5 Safari/605.1.15", "Linux"),
        (f"{MAC} {WEBKIT}", "macOS"),
        ("Mozilla/5.0 (Amiga; OS 3.2)", ""),
        ("Mozilla/5.0 (", ""),
    ],
)
def test_what_is_not_known_stays_unknown(agent: str, system: str) -> None:
    assert recognise(agent) == Device("", system)


def test_a_long_agent_takes_no_time() -> None:
    began = time.perf_counter()
    recognise("Mozilla/5.0 (" + "Chrom" * 200_000)
    assert time.perf_counter() - began < 1

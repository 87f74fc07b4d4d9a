"""What is looked at on every page: barriers, and whatever does not fit."""

from pathlib import Path

from playwright.sync_api import Page

# To be given to a window's context as an init script, before its pages are opened.
AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"

_FIND_WIDE = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const isWide = (element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -1 || right > root.clientWidth + 1;
  };
  return [...document.body.querySelectorAll("*")].filter(isWide).map((each) => each.outerHTML);
}"""
_RUN_AXE = """async (only) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const rules = { "target-size": { enabled: true } };
  const options = only.length ? { runOnly: only } : { runOnly: tags, rules };
  const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => [id, help, html, failureSummary].join("\\n  ")));
}"""


def barriers(page: Page, *only: str) -> list[str]:
    """Return what axe finds that bars somebody from the page, by all of its rules or only some."""
    found: list[str] = page.evaluate(_RUN_AXE, list(only))
    return found


def what_sticks_out(page: Page) -> list[str]:
    """Return the elements that make the page scroll sideways."""
    found: list[str] = page.evaluate(_FIND_WIDE)
    return found

"""What axe-core (WCAG 2.2 AA) finds on an open page, and whether it fits a narrow screen."""

from functools import cache
from importlib.resources import files

# The levels of WCAG 2.2 AA; axe's "best practices" are opinions beyond it.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400%: success criterion 1.4.10


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def axe_problems(page) -> list[str]:
    """A line for each element that breaks a rule: the rule, the element, why. Runs past the page's own policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], iframes: false})", _RULES
    )
    return [
        f"{problem['id']}: {' '.join(node['target'][-1].split())[:100]}: {_why(node)}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ]


def _why(node: dict) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return "; ".join(check["message"] for check in checks)[:200]


def problems_at_every_width(page) -> list[str]:
    """Of an open page: at a desk, on a phone, and at 400% that nothing has to be scrolled sideways."""
    found = []
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        found += [f"{viewport['width']} px: {problem}" for problem in axe_problems(page)]
    page.set_viewport_size(ZOOMED)
    wide = page.evaluate(
        "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth > 0"
        " && [...document.querySelectorAll('body *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".slice(0, 4).map(e => e.tagName + '.' + (e.getAttribute('class') || '')).join(', ')"
    )
    if wide is not False:
        found.append(f"320 px: scrolls sideways because of {wide or 'the page itself'}")
    return found

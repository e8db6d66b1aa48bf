"""The stylesheets: no rule for what no page has, and few rules that only one kind of page needs."""

import re

from tests.bare_text import ROOT, TEMPLATES

STYLES = ROOT / "static" / "css"
# Everything else is in tokens.css and components.css, which every page has; maps, embeds and API docs are apart.
OF_SOME_PAGES = ("pages", "work", "public", "plans", "money", "indicators", "portfolio")
_NOT_OURS = {"authorize", "btn", "opblock", "opblock-summary-method", "opblock-summary-path"}  # of Swagger UI
_COMMENTS, _BODIES = re.compile(r"/\*.*?\*/", re.S), re.compile(r"\{[^{}]*\}")


def classes_with_rules() -> dict[str, str]:
    """Class: a stylesheet with a rule for it."""
    found = {}
    for path in STYLES.glob("*.css"):
        selectors = _BODIES.sub("{}", _COMMENTS.sub("", path.read_text(encoding="utf-8")))
        found |= dict.fromkeys(re.findall(r"\.([A-Za-z][\w-]*)", selectors), path.name)
    return found


def classes_set() -> tuple[set[str], set[str]]:
    """Words that templates and code could set as a class, and beginnings of such that a value completes."""
    written = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    code = [
        path.read_text(encoding="utf-8")
        for room in ("atlas", "dashboards", "engagements", "static/js")
        for kind in ("*.py", "*.js")
        for path in (ROOT / room).rglob(kind)
    ]
    attributes = re.findall(r"class=\\?\"((?:{%.*?%}|{{.*?}}|[^\"\\])*)", "\n".join(written + code))
    quoted = re.findall(r"[\"'`]([^\"'`\n]+)[\"'`]", "\n".join(code))
    beginnings = {start for text in attributes + quoted for start in re.findall(r"([a-z][\w-]*-)[{$]", text)}
    words = {word for text in attributes + quoted for word in re.findall(r"[\w-]+", text)}
    words |= set(re.findall(r"\w+(?:-\w+)+", "\n".join(code)))
    return words, beginnings


def test_every_rule_is_for_something_that_a_page_has():
    words, beginnings = classes_set()
    unused = {
        name: sheet
        for name, sheet in classes_with_rules().items()
        if name not in words | _NOT_OURS
        and not any(name.startswith(start) for start in beginnings)
        and not re.fullmatch(r"[sw]\d", name)  # steps of a map's colors: a letter and a number
    }
    assert not unused, f"No template and no code sets these classes: {unused}"


def test_few_rules_are_of_one_kind_of_page_only():
    sizes = {name: (STYLES / f"{name}.css").stat().st_size for name in OF_SOME_PAGES}
    assert sum(sizes.values()) < 20_000, f"Is there a part in components.css that does the same? {sizes}"

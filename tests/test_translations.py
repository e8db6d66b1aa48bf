"""Words go through gettext: new templates at once, old ones when they are rewritten."""

import re

import pytest

from tests.bare_text import ROOT, bare_text, templates_with_bare_text


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %} {{ name }}</p>', []),
        ("{% blocktranslate trimmed %}Hello{% endblocktranslate %}", []),
        ('<img alt="A map">', ["A map"]),
        ('<img alt="{% translate "A map" %}">', []),
        ('{{ name|default:"Nobody" }}', ["Nobody"]),
        ('{{ name|default:_("Nobody") }}{{ number|default:"–" }}{{ day|date:"M j, Y" }}', []),
        ('{% include "a.html" with here="Add a risk" %}', ["Add a risk"]),
        ("{# Hello #}<script>const hello = 1</script><!-- Hello -->", []),
        ("{% if a %}Yes{% else %}No{% endif %}", ["Yes", "No"]),
        ('<a href="/hello/" class="hello">{{ x }}</a> · 12 &middot; CSV', []),
        ('<meta name="robots" content="noindex"><meta name="description" content="Hello">', ["Hello"]),
    ],
)
def test_what_counts_as_bare_text(template, found):
    assert bare_text(template) == found


def test_no_template_has_text_that_cannot_be_translated():
    bare = templates_with_bare_text()
    assert not bare, f"Put these words in {{% translate %}} or {{% blocktranslate trimmed %}}: {bare}"


def test_named_placeholders_so_that_a_translator_may_move_them():
    """`_("{} of {}")` gives a translator nothing to go by."""
    unnamed = re.compile(r"\b(?:_|gettext|gettext_lazy|ngettext)\(\s*f?\"[^\"]*(?:{}|%s|%d)")
    formatted = re.compile(r"\b(?:_|gettext|gettext_lazy|ngettext)\(\s*f\"")
    bad = [
        f"{path.relative_to(ROOT)}: {match[0][:60]}"
        for room in ("atlas", "dashboards", "engagements", "mobility_portal")
        for path in (ROOT / room).rglob("*.py")
        for pattern in (unnamed, formatted)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not bad, bad

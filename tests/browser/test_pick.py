"""A long list of choices as a box to type in, alone on a page: by keyboard, by pointer, and where it stays a select."""

from pathlib import Path

import pytest

from tests.browser.chromium import browser_page
from tests.browser.test_city_page import pytestmark  # noqa: F401 (marks this file)

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "pick.js"
NAMES = [f"Poverty rate, {year}" for year in range(2000, 2012)] + [f"Médian rent, {year}" for year in range(2000, 2012)]


def page_of(page, names=NAMES):
    half = len(names) // 2
    groups = "".join(
        f'<optgroup label="{words}">{"".join(f"<option>{name}</option>" for name in members)}</optgroup>'
        for words, members in (("People", names[:half]), ("Homes", names[half:]))
    )
    page.set_content(
        f'<form><label for="m">Show</label><select id="m" name="m" data-none="Nothing has {{words}}.">{groups}</select>'
        "</form><style>[hidden] { display: none !important }</style>"
    )
    page.evaluate(
        "() => { window.changes = 0; document.forms[0].addEventListener('change', () => { changes += 1; }); }"
    )
    page.add_script_tag(content=SCRIPT.read_text(), type="module")


def test_typing_narrows_groups_and_enter_takes_the_choice_once():
    with browser_page("about:") as page:
        page_of(page)
        box = page.get_by_role("combobox", name="Show")
        assert box.input_value() == NAMES[0] and page.locator("#m").is_hidden()
        box.click()
        assert page.get_by_role("option").count() == len(NAMES) and page.get_by_role("group").count() == 2
        box.fill("rent 2011")
        assert page.get_by_role("option").all_text_contents() == ["Médian rent, 2011"]
        assert page.get_by_role("group").count() == 1
        box.press("Enter")
        assert page.evaluate("[new FormData(document.forms[0]).get('m'), changes]") == ["Médian rent, 2011", 1]
        assert box.input_value() == "Médian rent, 2011" and page.get_by_role("listbox").count() == 0
        box.fill("median 2003")
        box.press("ArrowDown")
        assert page.locator(f"#{box.get_attribute('aria-activedescendant')}").text_content() == "Médian rent, 2003"
        box.press("Escape")
        assert box.input_value() == "Médian rent, 2011" and page.evaluate("changes") == 1
        box.fill("2002")
        page.get_by_role("option", name="Poverty rate, 2002").click()
        assert page.evaluate("[document.forms[0].m.value, changes]") == ["Poverty rate, 2002", 2]
        assert page.problems == []


def test_words_that_no_choice_has_are_said_and_nothing_is_sent():
    with browser_page("about:") as page:
        page_of(page)
        box = page.get_by_role("combobox", name="Show")
        box.fill("zebra")
        assert page.get_by_role("status").text_content() == "Nothing has zebra."
        box.press("Enter")
        assert page.url == "about:blank" and page.locator("form").count() == 1
        box.press("Tab")
        assert box.input_value() == NAMES[0] and page.evaluate("changes") == 0


@pytest.mark.parametrize("count", [2, 14])
def test_a_short_list_stays_a_select(count):
    with browser_page("about:") as page:
        page_of(page, NAMES[:count])
        assert page.locator("select").is_visible() and page.locator("input").count() == 0

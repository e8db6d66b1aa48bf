"""Tables as the pages have them: one heading row, one heading cell a row, every word text."""

import re

from dashboards.panels.base import Column, Table
from dashboards.panels.html_table import TALL, table_html
from tests.dashboards.panels.records import HOSTILE

COLUMNS = (Column("name", "Place"), Column("geoid", "Tract"), Column("value", "Share", "value", "share"))


def test_each_row_has_a_heading_a_key_and_a_way_to_its_tract():
    text = table_html(Table("Shares", COLUMNS, (("Corktown", "26163521400", 0.352), ("", "26163521500", None))), "t")
    assert '<table id="t">\n<caption id="t-caption">Shares</caption>' in text
    assert 'aria-labelledby="t-caption" tabindex="0"' in text and "tall" not in text
    assert '<th scope="col" class="number" data-column="value">Share</th>' in text
    assert (
        '<tr data-geoid="26163521400"><th scope="row">Corktown</th>'
        '<td><a href="/tracts/26163521400/">26163521400</a></td><td class="number">35.2%</td></tr>'
    ) in text
    assert '<th scope="row">(no name)</th>' in text and '<td class="number">no value published</td>' in text


def test_words_of_files_stay_text_in_every_place():
    columns = (Column(HOSTILE, HOSTILE), Column("geoid", "Tract"), Column("note", "Note"))
    text = table_html(Table(HOSTILE, columns, ((HOSTILE, HOSTILE, HOSTILE),)), "t")
    assert "<script" not in text and text.count("&lt;script&gt;") == 8
    assert re.fullmatch(r"[^<>]*", re.sub(r"</?(div|table|caption|thead|tbody|tr|th|td|a)\b[^<>]*>", "", text))


def test_a_long_table_scrolls_and_an_empty_one_keeps_its_head():
    rows = (("Corktown", "26163521400", 0.3),) * (TALL + 1)
    assert 'class="table-scroll tall"' in table_html(Table("Shares", COLUMNS, rows), "t")
    assert table_html(Table("Shares", COLUMNS, ()), "t").count("<th") == 3 + 1  # with the thead

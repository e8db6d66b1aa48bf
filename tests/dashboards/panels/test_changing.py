"""The panel of what is changing: words that claim no more than the numbers, and every number in the table."""

import datetime
import re

import pytest
from django.template.loader import render_to_string

from atlas.metrics.catalog import describe_metric
from atlas.records.places import ContextSeries, Series, SeriesOption
from dashboards.charts.theme import PAPER
from dashboards.charts.timeline import draw_timelines
from dashboards.exports.panel_table import write_csv
from dashboards.formatting.series import describe_change, format_reading, format_reading_in_prose, period_label
from dashboards.panels import changing
from tests.dashboards.panels.records import HOSTILE, make_city, make_source

BANNED = re.compile(r"low-opportunity|\b(bad|failing|worst|proves?|caused|impact of|effect of)\b", re.IGNORECASE)


def make_series(metric="share_employed", years=(2014, 2015, 2023), **changes) -> Series:
    count = len(years)
    values = {
        "area_kind": "place",
        "geoid": "2622000",
        "area_name": "Detroit city",
        "metric": describe_metric(metric),
        "subgroup": "",
        "period_kind": "year",
        "periods": tuple(datetime.date(y, 1, 1) for y in years),
        "values": (0.5823, None, 0.6606),
        "lower": (0.5578, None, 0.6297),
        "upper": (0.6067, None, 0.6914),
        "standard_errors": (None,) * count,
        "quality": ("Strong", "", "Strong"),
        "provisional": (False,) * count,
        "excluded_reasons": ("",) * count,
        "source": make_source(),
        "caveats": ("Conditions around people.",),
    }
    return Series(**{**values, **changes})


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=\.) ", text)


def withheld() -> Series:
    nothing = (None,) * 3
    return make_series(
        "rate_crime_violent", values=nothing, lower=nothing, upper=nothing, excluded_reasons=("", "too low", "too low")
    )


@pytest.mark.parametrize(
    ("changes", "numbers", "verdict"),
    [
        ({}, ["58", "2014", "66", "2023"], "more than the margin of error"),
        ({"values": (0.58, None, 0.584)}, ["58.0", "2014", "58.4", "2023"], "more than the margin of error"),
        ({"upper": (0.63, None, 0.69)}, ["58", "2014", "66", "2023"], "no clear change"),
        ({"quality": ("Weak", "", "Strong")}, ["58", "2014", "66", "2023"], "grade changes in 2023"),
        ({"lower": (None,) * 3, "quality": ("Weak", "", "Weak")}, ["58", "2014", "66", "2023"], "no margin of error"),
        ({"lower": (None,) * 3, "quality": ("Weak", "", "Weak")}, ["58", "2014", "66", "2023"], "graded Weak"),
        ({"values": (None, None, 0.6606)}, ["66", "2023"], "the only number"),
    ],
)
def test_a_change_is_said_with_what_the_bounds_allow(changes, numbers, verdict):
    said = describe_change(make_series(**changes))
    assert [n for n in re.findall(r"[\d.]*\d", said.split(":")[0]) if n != "100"] == numbers and verdict in said


def test_dollars_say_that_prices_may_be_part_of_a_rise():
    income = make_series("pctl_income_20", values=(9681, None, 11521), lower=(9000, None, 11000), upper=(9900,) * 3)
    assert "$9,700 in 2014, $11,500 in 2023" in describe_change(income) and "inflation" in describe_change(income)


def test_a_withheld_series_says_why_and_shows_no_number():
    assert describe_change(withheld()) == "Not shown: too low."
    panel = changing.build("New Orleans", (withheld(),))
    assert [row[4] for row in panel.table.rows] == [None, None]
    assert all("too low" in row[-1] for row in panel.table.rows)
    assert any("published, not shown" in a.text for a in panel.figure.layout.annotations)


def test_the_finding_counts_what_moved_and_what_cannot_be_told():
    same = make_series("share_in_preschool", upper=(0.63, None, 0.69))
    graded = make_series("share_hs_degree", quality=("Weak", "", "Strong"))
    unknown = make_series("share_poverty_exposure", lower=(None,) * 3)
    panel = changing.build("Detroit", (make_series(), same, graded, unknown))
    more, ages, sure, tracked, other, inflation, unclear, nothing = sentences(panel.finding)
    assert "Detroit" in more and re.findall(r"\d+", ages) == ["25", "54", "66", "100", "2023", "58", "100", "2014"]
    assert "larger than the margin of error" in sure and "four conditions" in tracked and other.startswith("One other")
    assert inflation.startswith("Inflation") and unclear.startswith("One shows no clear") and "can’t say" in nothing
    assert panel.lead == more and panel.rest.startswith("Among residents"), "the answer, then the rest"
    assert changing.APART in panel.caveats and panel.sources


@pytest.mark.parametrize(
    ("series", "first"),
    [
        ((make_series(), make_series()), "More people in Detroit have jobs."),
        ((make_series("share_hs_degree"),), "High school degree rose from 58 in 100 in 2014 to 66 in 100 in 2023."),
        ((make_series(lower=(None,) * 3),), "We track one condition."),
        ((make_series(quality=("Weak", "", "Strong")),), "We track one condition."),
    ],
)
def test_the_finding_reads_well_whatever_moved(series, first):
    assert sentences(changing.build("Detroit", series).finding)[0] == first


def test_the_table_has_every_number_with_its_bounds_grade_and_unit():
    panel = changing.build("Detroit", (make_series(), make_series("pctl_income_20", values=(9681, None, 11521))))
    assert [row[2] for row in panel.table.rows] == ["2014", "2023"] * 2, "a year without a value is no row"
    cells = [[words for _, words in cells] for _, cells in panel.table.formatted_rows()]
    assert cells[0][4:8] == ["58.2%", "55.8%", "60.7%", "Strong"] and cells[2][4] == "$9,681"
    assert cells[3][-1] == describe_change(make_series("pctl_income_20", values=(9681, None, 11521)))
    lines = write_csv(panel).splitlines()
    assert ",0.5823,0.5578,0.6067,Strong," in lines[1]
    assert lines[0].endswith(",period_start,period_end") and lines[1].endswith(",2014-01-01,2014-12-31")


def test_a_weak_or_provisional_value_is_hollow_and_says_so():
    drawn = draw_timelines(
        ((make_series(quality=("Weak", "", "Strong"), provisional=(False, False, True)), "Detroit"),)
    )
    dots = [trace for trace in drawn.data if trace.marker.color]
    assert [trace.marker.color[0] for trace in dots] == [PAPER, PAPER]
    words = [a.text for a in drawn.layout.annotations]
    assert {"weak", "strong", "provisional"} <= set(words)


def test_each_series_has_its_own_value_axis_and_all_share_the_years():
    drawn = draw_timelines(((make_series(), "A"), (make_series("pctl_income_20"), "A")))
    assert {trace.yaxis for trace in drawn.data} == {"y", "y2"}
    assert drawn.layout.xaxis.range == drawn.layout.xaxis2.range


def test_another_area_than_the_city_says_so():
    county = make_series("spend_all", area_kind="county", geoid="26163", period_kind="month")
    tracker = make_series("emp", area_name="Detroit, MI", period_kind="week")
    assert changing.area_of("Detroit", county) == "the whole of Wayne County"
    assert changing.area_of("Detroit", tracker) == "the whole of Wayne County"
    assert changing.area_of("Detroit", make_series()) == "Detroit"
    panel = changing.build_tracker("Detroit", (tracker,))
    assert "Wayne County" in panel.finding and panel.finding.startswith("In early January 2023, employment ")


def test_without_series_the_panel_says_so():
    for panel in (changing.build("Detroit", ()), changing.build_tracker("Detroit", ())):
        assert panel.reason and panel.figure is None and panel.finding == "" and panel.table.rows == ()


def test_words_are_careful_and_names_are_escaped():
    panel = changing.build("Detroit", (make_series(subgroup=HOSTILE),))
    assert not BANNED.search(" ".join([panel.title, panel.finding, *panel.caveats]))
    assert "<script>" not in panel.figure.to_json().replace("\\u003c", "<")


@pytest.mark.parametrize(
    ("value", "unit", "table", "prose"),
    [
        (0.582, "share", "58.2%", "58 in 100"),
        (-0.081, "change_since_january_2020", "−8.1%", "8.1% below January 2020"),
        (0.0001, "change_since_january_2020", "0.0%", "at the level of January 2020"),
        (9680.88, "usd", "$9,681", "$9,700"),
        (0.848, "per_household", "0.85", "0.85 homes for each household"),
        (3917.55, "per_100000", "3,918", "3,918 per 100,000"),
        (19.13, "per_10000", "19.1", "19.1 per 10,000"),
        (None, "share", "no value published", None),
    ],
)
def test_each_unit_has_its_form(value, unit, table, prose):
    assert format_reading(value, unit) == table
    assert prose is None or format_reading_in_prose(value, unit) == prose


def test_periods_in_words():
    day = datetime.date(2020, 1, 11)
    said = [period_label(day, kind) for kind in ("year", "month", "week")]
    assert said == ["2020", "Jan 2020", "week of Jan 11, 2020"] and period_label(None, "none") == ""


def test_the_picture_itself_says_whom_it_does_not_describe():
    weekly = make_series("emp", period_kind="week")
    for panel in (changing.build("Detroit", (make_series(),)), changing.build_tracker("Detroit", (weekly,))):
        words = " ".join(a.text.replace("<br>", " ") for a in panel.figure.layout.annotations)
        assert "born in 1978–83" in words and "Nothing here shows whether a pilot worked" in words


def test_the_picker_offers_what_there_is_and_keeps_what_was_chosen():
    offered = (
        SeriesOption("emp", describe_metric("emp"), "", "place", "2622000", HOSTILE, "week", 277),
        SeriesOption(
            "share_employed:Hispanic", describe_metric("share_employed"), "Hispanic", "place", "2", "D", "year", 0
        ),
    )
    page = render_to_string(
        "dashboards/places/_series_picker.html",
        {"changing": ContextSeries((), (), offered, ("population",)), "place": make_city()},
    )
    assert page.count("<option") == 2 and 'value="share_employed:Hispanic"' in page and "withheld" in page
    assert 'type="hidden" name="metric" value="population"' in page and "<script>" not in page
    assert page.count("<optgroup") == 2 and 'name="measure"' not in page


def test_a_unit_is_that_of_the_number_beside_it():
    """The page writes 58.2%, the CSV 0.5823: each names its own."""
    panel = changing.build("Detroit", (make_series(),))
    cells = {column.key: words for column, words in panel.table.formatted_rows()[0][1]}
    assert (cells["value"], cells["unit"]) == ("58.2%", "share of the group named")
    assert '"share of the group named, 0-1",0.5823,' in write_csv(panel)


def test_a_printed_page_draws_two_series_and_says_that_there_are_more():
    series = tuple(make_series(metric) for metric in ("share_employed", "share_digital_access", "share_hs_degree"))
    brief, whole = changing.build("Detroit", series, in_brief=True), changing.build("Detroit", series)
    assert brief.figure.layout.height < whole.figure.layout.height and len(brief.table.rows) == len(whole.table.rows)
    assert "Drawn here: employment at ages 25-54." in brief.finding and "all 3" in brief.finding
    assert changing.build("Detroit", series[:1], in_brief=True).finding == changing.build("Detroit", series[:1]).finding

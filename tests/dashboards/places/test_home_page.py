"""The start page's parts: one axis for all cities, and counts of what they reported that name every city once."""

import pytest

from atlas.records.places import Reference
from dashboards.places import home_page
from dashboards.places.home_page import CityRow, reported_counts, shared_axis
from engagements.results.queries.published import NOT_ASKED, ProjectRow, PublishedResult, PublishedSearch
from engagements.results.records import ResultFields, Source
from engagements.results.rules.sentences import public_sentence
from tests.dashboards.panels.records import make_city, make_headline
from tests.factories.engagements import NOW

US = Reference("nation", "United States", 0.41, None, 32_000, "mean", "")


def row(slug: str, value: float | None = 0.31, report: ProjectRow | None = None, **headline) -> CityRow:
    city, found = make_city(slug=slug, name=slug.title()), make_headline(city=slug, value=value, **headline)
    return CityRow(city, found, None, report, home_page._mark(city, found))


def report(slug: str, says: str = "", size: str = "") -> ProjectRow:
    result = search = None
    if says:
        fields = ResultFields(says, "an outcome", "a project", sources=(Source("a source"),), size_in_words=size)
        result = PublishedResult(
            1, slug, slug, slug, 1, fields, public_sentence(fields), "published", 1, NOW, NOT_ASKED, True, False, 1
        )
    else:
        search = PublishedSearch(1, "We found none.", NOW.date(), "a team", "a library", "a result", NOT_ASKED)
    kind = ("sized" if size else "unsized") if says else "not_found"
    texts = ("a project", "", "", "Ended", "", None, None, "", "", "a source", False, kind, "reported", "")
    return ProjectRow(1, slug, slug.title(), slug, *texts, result, (result,) if result else (), (), search)


def test_every_city_is_counted_once_and_blanks_are_a_count_too():
    rows = (
        row("alpha", report=report("alpha", "Twice as many", "twice")),
        row("beta", report=report("beta", "More than before")),
        row("gamma", report=report("gamma")),
        row("delta", report=report("delta")),
        row("epsilon"),  # in no initiative: neither found nor missing
    )
    found = reported_counts(rows)
    assert [one.number for one in found] == [1, 1, 2]
    assert [name for one in found for name, *_ in one.lines] == ["Alpha", "Beta"]
    assert found[-1].cities == ("Gamma", "Delta")
    assert all(source for one in found for *_, source in one.lines)


def test_a_kind_without_a_city_and_a_page_without_a_record_are_left_out():
    assert [one.number for one in reported_counts((row("gamma", report=report("gamma")),))] == [1]
    assert reported_counts((row("epsilon"),)) == ()


def test_all_cities_share_one_axis_that_holds_every_mark_and_names_the_nation():
    rows = (
        row("alpha", 0.28, raw_value=0.30, references=(US,)),
        row("beta", 0.39, standard_error=0.002, references=(US,)),
        row("gamma", None),
    )
    axis = shared_axis(rows)
    assert axis is not None and axis.low < 28 < 41 < axis.high
    assert (41.0, "US 41st") in [(round(at, 6), label) for at, label in axis.ticks]
    near = [label for at, label in axis.ticks if abs(axis.share(at) - axis.share(41)) < home_page.CLOSE]
    assert near == ["US 41st"]  # no label under another
    assert rows[2].mark is None and shared_axis(rows[2:]) is None


@pytest.mark.parametrize(("error", "hollow"), [(None, True), (0.002, False)])
def test_a_filled_dot_says_that_there_is_a_margin(error, hollow):
    mark = row("alpha", 0.3, standard_error=error).mark
    assert mark is not None and mark.is_hollow is hollow and (mark.low is None) is hollow


def test_the_page_quotes_the_record_and_says_until_when_was_searched(client, db):
    """The ten cities of the portal's own record, as a stranger reads them."""
    from engagements.seeds.initiative import seed

    seed()
    page = client.get("/").content.decode()
    assert page.count("tag-gain") == 3 and page.count("tag-none") == 7
    assert "searched to November 29, 2026" in page and "not yet confirmed by the cit" in page
    assert page.count("<h1") == 1 and " style=" not in page.split("<main")[1]

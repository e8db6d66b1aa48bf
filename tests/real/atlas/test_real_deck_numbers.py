"""What three cities' decks show, as python-pptx reads it, recomputed from the publishers' files."""

import re

import numpy as np
import pandas as pd
import pytest

from tests.dashboards.documents.deck_reading import dots_on, labels_of, points_of, title_of, xml_of
from tests.reference import groups, raw_files
from tests.reference.group_rows import gap_rows, level_rows, nation
from tests.reference.place_means import HOMES, facts, headline_rows
from tests.reference.tract_rows import band_rows, own_values
from tests.reference.words import (
    Z95,
    decimals_in,
    dollars_in,
    first_upper,
    hundreds,
    interval,
    ordinal,
    ordinals_in,
    points,
    with_interval,
)

CITIES = ("detroit", "new-orleans", "racine")
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("city", CITIES)]


@pytest.fixture(scope="module")
def raw(real_data):
    return raw_files.read(real_data)


def said_on(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def rest_of(slide) -> str:
    """What the slide says under its title, whole: the notes have what the slide had no room for."""
    title, rest, *_ = slide.notes_slide.notes_text_frame.text.split("\n")
    assert title == title_of(slide)
    return rest


def slides_with_charts(deck) -> list[tuple]:
    return [(slide, shape.chart) for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def slide_of_map(deck):
    """The first slide with a picture: the tracts of the first measure."""
    return next(slide for slide in deck.slides if any(hasattr(shape, "image") for shape in slide.shapes))


def with_rows(deck, rows: set[str], series: str = "") -> tuple:
    """The one slide with a chart of exactly these rows, its rule left out, and the chart."""
    found = []
    for slide, chart in slides_with_charts(deck):
        names = [one.name for one in chart.plots[0].series]
        drawn = set(dots_on(chart)) if "Names of the rows" in names else set()
        if rows == {one for one in drawn if one != "No difference" and not one.startswith("United States ")}:
            found += [(slide, chart)] if any(series in name for name in names) else []
    (one,) = found
    return one


def words_of(chart) -> list[str]:
    """What stands beside each row, from the top."""
    words = next(one for one in chart.plots[0].series if one.name == "Values in words")
    return [said for _, said in sorted(labels_of(words).items())]


def halves_of(chart) -> list[float]:
    """Half the length of each row's error bar, from the top, 0 without one."""
    found = {}
    for one in chart.plots[0].series:
        if one.name not in ("Names of the rows", "Values in words"):
            ends = [[float(v.text) for v in side.iter("{*}v")] for side in one._element.iter("{*}plus", "{*}minus")]
            for index, (_, y) in enumerate(points_of(one)):
                reach = {round(end[index], 9) for end in ends} or {0.0}
                assert len(reach) == 1, "as far to the left as to the right"
                found[y] = max(found.get(y, 0.0), *reach)
    return [half for y, half in sorted(found.items(), reverse=True) if y >= 1 and y == int(y)]


def check_rows(chart, rows: pd.DataFrame, values: str, errors: str, words: list[str]) -> None:
    """Dots, error bars and words of the rows, all in percentiles."""
    drawn = dots_on(chart)
    assert [drawn[label] for label in rows["label"]] == pytest.approx((100 * rows[values]).tolist(), abs=1e-4)
    halves = (100 * Z95 * rows[errors]).fillna(0).tolist()
    assert halves_of(chart)[: len(rows)] == pytest.approx(halves, abs=1e-4)
    assert words_of(chart) == words


def test_the_first_slide(city, raw, decks):
    wanted, rows = facts(raw, city), headline_rows(raw, city)
    said = said_on(decks[city].slides[0])
    assert ordinal(wanted["value"]) in said
    assert hundreds(wanted["usd"]) in said
    assert f"{wanted['tracts_used']} of {wanted['tracts_total']}" in said
    covered = wanted["coverage"]
    share = "nearly all" if 0.9995 <= covered < 1 else f"{100 * covered:.1f}%"
    assert any(words.startswith(f"hold {share} of") for words in said), (share, said)
    county = rows.loc[1]
    if city == "new-orleans":
        error = wanted["standard_error"]
        assert any(words.startswith("Published. ") and interval(wanted["value"], error) in words for words in said)
    else:
        assert {ordinal(county.value), f"likely range {interval(county.value, county.standard_error)}"} <= set(said)


def test_the_headline_with_its_company_and_the_nine_other_cities(city, raw, decks):
    rows = headline_rows(raw, city).rename(columns={"place": "label"})
    here, nation_row, shown = rows.loc[0], rows.loc[3], rows.drop(3)
    slide, chart = with_rows(decks[city], set(shown["label"]))
    words = [with_interval(row.value, row.standard_error) for row in shown.itertuples()]
    check_rows(chart, shown, "value", "standard_error", words)
    assert dots_on(chart)[f"United States {points(nation_row.value)}"] == pytest.approx(100 * nation_row.value)
    title, rest = title_of(slide), rest_of(slide)
    assert here.label in title and ordinals_in(title) == [ordinal(here.value)]
    county = [] if city == "new-orleans" else [ordinal(rows.loc[1].value)]  # a parish that is the city is no company
    assert ordinals_in(rest) == [*county, ordinal(nation_row.value), ordinal(here.value)]
    assert (HOMES[city] in rest) == bool(county)
    assert dollars_in(rest) == [hundreds(here.usd_2015), hundreds(nation_row.usd_2015)]
    likely = [] if np.isnan(here.standard_error) else interval(here.value, here.standard_error).split(" to ")
    assert decimals_in(rest) == likely
    assert f"{100 - int(ordinal(here.value)[:-2])} in 100" in rest


def unpublished_in(text: str) -> int:
    """ "7 more have no published number" -> 7; 0 where nothing is said of any."""
    found = re.findall(r"(\d+) more (?:has|have) no published number", text)
    return int(found[0]) if found else 0


def check_counts(sentence: str, own: pd.Series, middle: float) -> None:
    """How many of the tracts with a value are below the middle US tract."""
    known = own.dropna()
    assert (known != middle).all()
    assert re.findall(r"(\d+) of (\d+)", sentence) == [(str((known < middle).sum()), str(known.size))]
    assert "below the US middle" in sentence and sentence.startswith("In the published estimates, ")


def test_the_counts_of_tracts_over_the_map(city, raw, decks):
    own, middle = own_values(raw, city), raw.income.median()
    slide = slide_of_map(decks[city])
    title, rest = title_of(slide), rest_of(slide)
    assert raw_files.name(city) in title
    check_counts(title, own, middle)
    ends = [hundreds(own.quantile(share)) for share in (0.25, 0.75)]
    assert dollars_in(rest) == [hundreds(middle), *ends]
    assert unpublished_in(rest) == own.isna().sum()


def test_the_bands_and_both_middles_of_the_distribution(city, raw, decks):
    every, middle, name = own_values(raw, city), raw.income.median(), raw_files.name(city)
    own = every.dropna()
    ((slide, chart),) = (one for one in slides_with_charts(decks[city]) if "share of tracts" in xml_of(one[1]))
    title, rest = title_of(slide), rest_of(slide)
    assert name in title and dollars_in(title) == [hundreds(own.median()), hundreds(middle)]
    check_counts(rest, every, middle)
    assert unpublished_in(rest) == every.isna().sum()
    drawn = {series.name: points_of(series) for series in chart.plots[0].series}
    bands = band_rows(raw, city)
    for series, column in ((f"{name} tracts", "city_share"), ("All US tracts", "us_share")):
        steps = [
            (edge, share)
            for low, high, share in zip(bands["from"], bands["to"], bands[column], strict=True)
            for edge, share in ((low, share), (high, share))
        ]
        found = [point for point in drawn[series]]
        assert found[1 : 1 + len(steps)] == [pytest.approx(step, abs=1e-6) for step in steps], series
    for label, value in ((name, own.median()), ("United States", middle)):
        assert {x for x, _ in drawn[f"{label} middle tract {hundreds(value)}"]} == {value}


def titled_rows(head: str, rows: pd.DataFrame, values: str, beside: str = "") -> str:
    """ "Wayne County as published, percentile of household income: White children 42.1, ...": a title holds a part."""
    said = [
        f"{row['label']} {points(row[values])}" + (f" (US {points(row[beside])})" if beside else "")
        for row in rows.to_dict("records")
        if not row["label"].startswith(("All ", "same places"))
    ]
    return f"{head}: {', '.join(said[:3])}"


def check_title(slide, whole: str) -> None:
    title = title_of(slide)
    assert ": " in title and (whole == title or whole.startswith(f"{title}, ")), (whole, title)


def test_groups_of_children_beside_the_nation(city, raw, decks):
    levels = level_rows(raw, city)
    levels["label"] = levels["group"].map(first_upper)
    own = levels[levels["ground"] == raw_files.name(city)]
    county = levels[levels["ground"] == f"{HOMES[city]}, published"]
    slides = []
    for rows in (own, county):
        slide, chart = with_rows(decks[city], set(rows["label"]))
        words = [
            f"{with_interval(one.value, one.standard_error)}; US {points(one.nation)}" for one in rows.itertuples()
        ]
        check_rows(chart, rows, "value", "standard_error", words)
        (same,) = (one for one in chart.plots[0].series if one.name.startswith("Same group"))
        references = [x for x, _ in sorted(points_of(same), key=lambda point: -point[1])]
        assert references == pytest.approx((100 * rows["nation"]).tolist(), abs=1e-4)
        slides.append(slide)
    white, black = (own[own["group"] == f"{race} children"].iloc[0] for race in ("white", "Black"))
    first, second = slides
    said = [[ordinal(one.value), ordinal(one.nation)] for one in (white, black)]
    lead = title_of(first)
    assert f"white children in {raw_files.name(city)}" in lead and "personal income" in lead
    assert [ordinals_in(lead), ordinals_in(rest_of(first))] == said
    check_title(
        second, titled_rows(f"{HOMES[city]} as published, percentile of household income", county, "value", "nation")
    )
    assert rest_of(second).startswith(lead), "the county's rows are not what the finding speaks of"


def test_gaps_between_groups(city, raw, decks):
    gaps = gap_rows(raw, city)
    gaps["label"] = gaps["gap"].str.removesuffix(" children")
    county = gaps[gaps["label"].isin(["White minus Black", "White minus Hispanic", "Girls minus boys"])].iloc[1:]
    one, first = gaps.iloc[0], county.iloc[0]
    own = gaps.iloc[:1]
    if np.isfinite(one["common"]):
        kept = f"same places, {int(100 * one['coverage'])}% coverage"
        own = pd.concat([own, own.assign(label=kept, own=own["common"])])
    slides = []
    for rows, series in ((county, HOMES[city]), (own, raw_files.name(city))):
        slide, chart = with_rows(decks[city], set(rows["label"]), series)
        words = [with_interval(row.own, row.own_standard_error) for row in rows.itertuples()]
        check_rows(chart, rows, "own", "own_standard_error", words)
        slides.append(slide)
    lead, rest = title_of(slides[0]), rest_of(slides[0])
    where = raw_files.name(city) if city == "new-orleans" else HOMES[city]
    assert f"white children in {where} ended up" in lead and "above Black children" in lead
    likely = interval(first["own"], first["own_standard_error"]).split(" to ")
    assert decimals_in(lead) == [points(first["own"]), *likely] and "household income" in lead
    white, black = (nation(raw, (race, "pooled")) for race in ("white", "black"))
    of_tracts = [groups.level(raw.groups[race]) for race in ("white", "black")]
    parts = [one["common"], one["between"]] if np.isfinite(one["common"]) else []
    beside = [one["own"], of_tracts[0] - of_tracts[1], *parts]
    assert decimals_in(rest) == [points(value) for value in (white - black, *beside)]
    said = [ordinal(level) for level in (first["first"], white, first["second"], black)]
    reached = [ordinal(one["first"]), ordinal(one["second"])]
    said += sorted(set(reached), key=reached.index)  # one place that both reached is said once
    if of_tracts[0] - one["first"] > max(0.005, abs(one["own"])):  # a small gap where both did worse
        said += [ordinal(level) for level in of_tracts]
    assert ordinals_in(rest) == said
    assert ("both reached" in rest) == (len(set(reached)) == 1)
    assert (f"{100 * one['coverage']:.0f} in 100 Black children" in rest) == np.isnan(one["common"])
    check_title(slides[1], titled_rows(f"{raw_files.name(city)}, percentile points of personal income", own, "own"))
    assert rest_of(slides[1]).startswith(lead), "the nation's gap in it is of household income"

"""What three cities' decks show, as python-pptx reads it, recomputed from the publishers' files."""

import numpy as np
import pandas as pd
import pytest

from tests.dashboards.documents.deck_reading import charts_on, dots_on, labels_of, points_of, title_of, xml_of
from tests.reference import raw_files
from tests.reference.group_rows import gap_rows, level_rows, nation
from tests.reference.place_means import HOMES, facts, headline_rows
from tests.reference.tract_rows import band_rows, own_values
from tests.reference.words import Z95, first_upper, hundreds, interval, ordinal, points, with_interval

CITIES = ("detroit", "new-orleans", "racine")
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("city", CITIES)]


@pytest.fixture(scope="module")
def raw(real_data):
    return raw_files.read(real_data)


def said_on(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def said_with(slide) -> str:
    """All words of a slide and of its notes."""
    return "\n".join([*said_on(slide), slide.notes_slide.notes_text_frame.text])


def slide_titled(deck, words: str):
    (found,) = (slide for slide in deck.slides if title_of(slide).startswith(words))
    return found


def chart_with(deck, rows: set[str], series: str = ""):
    """The one chart of exactly these rows, its rule left out."""
    found = []
    for chart in charts_on(deck):
        names = [one.name for one in chart.plots[0].series]
        drawn = set(dots_on(chart)) if "Names of the rows" in names else set()
        if rows == {one for one in drawn if one != "No difference" and not one.startswith("United States ")}:
            found += [chart] if any(series in name for name in names) else []
    (chart,) = found
    return chart


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
    chart = chart_with(decks[city], set(shown["label"]))
    words = [with_interval(row.value, row.standard_error) for row in shown.itertuples()]
    check_rows(chart, shown, "value", "standard_error", words)
    assert dots_on(chart)[f"United States {points(nation_row.value)}"] == pytest.approx(100 * nation_row.value)
    title = (
        f"Children from low-income families in {here.label} reached the {ordinal(here.value)} income percentile in "
        "their 30s, on average"
    )
    said = said_with(slide_titled(decks[city], title))
    reached = f"reached the {ordinal(here.value)} income percentile in their 30s, on average."
    about = f"Nationally, children like them reached the {ordinal(nation_row.value)}, about "
    dollars = f"{about}${round(nation_row.usd_2015, -3):,.0f}."
    assert reached in said and f"about {hundreds(here.usd_2015)} a year" in said and dollars in said
    if city != "new-orleans":
        assert f"the {ordinal(rows.loc[1].value)} in {HOMES[city]}" in said


def without_value(own: pd.Series) -> str:
    missing = int(own.isna().sum())
    return f"; {missing} more {'has' if missing == 1 else 'have'} no value." if missing else "."


def test_the_counts_of_tracts_over_the_map(city, raw, decks):
    own, middle = own_values(raw, city), raw.income.median()
    title = (
        f"In the published estimates, {(own > middle).sum()} of {own.notna().sum()} tracts of {raw_files.name(city)} "
        f"lay above the middle US tract{without_value(own)}"
    )
    ends = [hundreds(own.quantile(share)) for share in (0.25, 0.75)]
    assert f" lay between {ends[0]} and {ends[1]}." in said_with(slide_titled(decks[city], title))


def test_the_bands_and_both_middles_of_the_distribution(city, raw, decks):
    every, middle, name = own_values(raw, city), raw.income.median(), raw_files.name(city)
    own = every.dropna()
    title = f"The middle tract in {name} was at {hundreds(own.median())}, the middle US tract at {hundreds(middle)}"
    below = f"n the published estimates, {(own < middle).sum()} of {len(own)} tracts in {name} were below that"
    assert f"{below}{without_value(every)}" in said_with(slide_titled(decks[city], title))
    (chart,) = (chart for chart in charts_on(decks[city]) if "share of tracts" in xml_of(chart))
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
    """ "Wayne County as published, household income: White minus Black 11.5, ...": a title holds a part of it."""
    said = [
        f"{row['label']} {points(row[values])}" + (f" (US {points(row[beside])})" if beside else "")
        for row in rows.to_dict("records")
        if not row["label"].startswith(("All ", "same places"))
    ]
    return f"{head}: {', '.join(said[:3])}"


def check_title(deck, whole: str) -> None:
    head = whole.split(":")[0]
    found = [title_of(slide) for slide in deck.slides if title_of(slide).startswith(f"{head}: ")]
    assert any(whole == title or whole.startswith(f"{title}, ") for title in found), (whole, found)


def test_groups_of_children_beside_the_nation(city, raw, decks):
    levels = level_rows(raw, city)
    levels["label"] = levels["group"].map(first_upper)
    heads = {
        raw_files.name(city): f"{raw_files.name(city)}, personal income",
        f"{HOMES[city]}, published": f"{HOMES[city]} as published, household income",
    }
    for ground, head in heads.items():
        rows = levels[levels["ground"] == ground]
        chart = chart_with(decks[city], set(rows["label"]))
        words = [
            f"{with_interval(one.value, one.standard_error)}; US {points(one.nation)}" for one in rows.itertuples()
        ]
        check_rows(chart, rows, "value", "standard_error", words)
        (same,) = (one for one in chart.plots[0].series if one.name.startswith("Same group"))
        references = [x for x, _ in sorted(points_of(same), key=lambda point: -point[1])]
        assert references == pytest.approx((100 * rows["nation"]).tolist(), abs=1e-4)
        check_title(decks[city], titled_rows(head, rows, "value", "nation"))


def test_gaps_between_groups(city, raw, decks):
    gaps = gap_rows(raw, city)
    gaps["label"] = gaps["gap"].str.removesuffix(" children")
    county = gaps[gaps["label"].isin(["White minus Black", "White minus Hispanic", "Girls minus boys"])].iloc[1:]
    own = gaps.iloc[:1]
    if np.isfinite(own["common"].item()):
        kept = f"same places, {int(100 * own['coverage'].item())}% coverage"
        own = pd.concat([own, own.assign(label=kept, own=own["common"])])
    for rows, series, head in (
        (county, HOMES[city], f"{HOMES[city]} as published, household income"),
        (own, raw_files.name(city), f"{raw_files.name(city)}, personal income"),
    ):
        chart = chart_with(decks[city], set(rows["label"]), series)
        words = [with_interval(row.own, row.own_standard_error) for row in rows.itertuples()]
        check_rows(chart, rows, "own", "own_standard_error", words)
        check_title(decks[city], titled_rows(head, rows, "own"))
    first = county.iloc[0]
    far = nation(raw, ("white", "pooled")) - nation(raw, ("black", "pooled"))
    said = (
        f"ended up {points(first['own'])} points above Black children (likely range "
        f"{interval(first['own'], first['own_standard_error'])}). The nation’s gap is {points(far)} points."
    )
    slide = slide_titled(decks[city], f"{HOMES[city]} as published, household income: White minus Black")
    assert said in said_with(slide)

"""Values: published figures in the zone file, counties that match their tracts, honest noise."""

import json

import numpy as np
import pandas as pd
import pytest

from atlas.sample.cities import CITIES, COMMUTING_ZONES
from atlas.sample.crosswalk import crosswalk_table, rank_to_dollars
from atlas.sample.places_above import COUNTS, ESTIMATES, count_of

PUBLISHED = {  # Opportunity Atlas cz_outcomes_simple.csv: value, SE, count, Black, white, Hispanic
    34901: (".38697663", ".0014074446", "102336.61", ".3505", ".4431", ".3897"),
    12501: (".37457645", ".0012435387", "120240.34", ".3054", ".4053", ".3836"),
    11700: (".39627844", ".0023809168", "34087.734", ".3179", ".423", ".3693"),
    19600: (".4457835", ".00075030362", "486203.34", ".3536", ".5213", ".4523"),
    30402: (".40488738", ".0013824046", "116918.49", ".3229", ".4446", ".4148"),
}


@pytest.fixture(scope="module")
def tracts(sample):
    frame = pd.read_csv(sample / "tract_outcomes_simple.csv")
    frame["fips"] = frame.state.map("{:02d}".format) + frame.county.map("{:03d}".format)
    return frame


@pytest.fixture(scope="module")
def counties(sample):
    frame = pd.read_csv(sample / "county_outcomes_simple.csv")
    return frame.set_index(frame.state.map("{:02d}".format) + frame.county.map("{:03d}".format))


def weighted_mean(frame, name):
    seen = frame[[name, count_of(name)]].dropna()
    return np.average(seen[name], weights=seen[count_of(name)])


def test_zone_rows_carry_the_published_text(sample):
    zones = pd.read_csv(sample / "cz_outcomes_simple.csv", dtype=str).set_index("cz")
    names = ["kfr_pooled_pooled_p25", "kfr_pooled_pooled_p25_se", "pooled_pooled_count"]
    names += [f"kfr_{race}_pooled_p25" for race in ("black", "white", "hisp")]
    for cz, expected in PUBLISHED.items():
        assert tuple(zones.loc[str(cz), names]) == expected


@pytest.mark.parametrize("cz", PUBLISHED)
def test_counties_average_to_their_zone(counties, cz):
    members = counties[counties.cz == cz]
    assert weighted_mean(members, "kfr_pooled_pooled_p25") == pytest.approx(float(PUBLISHED[cz][0]), abs=1e-5)


def test_lansing_tracts_average_to_the_published_zone(tracts):
    got = weighted_mean(tracts[tracts.cz == 11700], "kfr_pooled_pooled_p25")
    assert got == pytest.approx(0.39627844, abs=1e-4)


def test_tract_means_are_near_their_county(tracts, counties):
    for fips, members in tracts.groupby("fips"):
        assert weighted_mean(members, "kfr_pooled_pooled_p25") == pytest.approx(
            counties.loc[fips, "kfr_pooled_pooled_p25"], abs=0.005
        ), fips
        assert members.pooled_pooled_count.sum() == pytest.approx(counties.loc[fips, "pooled_pooled_count"], rel=1e-3)


@pytest.mark.parametrize(("fips", "ratio"), [("22071", 1.31), ("26163", 1.24), ("39113", 1.0), ("40143", 1.0)])
def test_a_countys_error_is_its_tracts_errors_times_a_known_ratio(tracts, counties, fips, ratio):
    """Orleans and Wayne: more than independent tracts would give, so that the portal's correction is seen."""
    mine = tracts[(tracts.fips == fips) & tracts.kfr_pooled_pooled_p25.notna()]
    weight = mine.pooled_pooled_count / mine.pooled_pooled_count.sum()
    formula = np.sqrt((weight**2 * mine.kfr_pooled_pooled_p25_se**2).sum())
    assert counties.loc[fips, "kfr_pooled_pooled_p25_se"] / formula == pytest.approx(ratio, abs=0.01)


def test_published_county(counties):
    walworth = counties.loc["55127"]
    assert (walworth.cz, walworth.kfr_pooled_pooled_p25, walworth.kfr_pooled_pooled_p25_se) == (
        24000,
        0.44411889,
        0.005626556,
    )


@pytest.mark.parametrize(
    "file", ["tract_outcomes_simple.csv", "tract_outcomes_late_simple.csv", "county_outcomes_simple.csv"]
)
def test_error_is_blank_exactly_where_the_estimate_is(sample, file):
    frame = pd.read_csv(sample / file)
    for name in ESTIMATES:
        assert (frame[name].isna() == frame[f"{name}_se"].isna()).all(), name
        assert not (frame[name].notna() & frame[count_of(name)].isna()).any(), name
        assert (frame[f"{name}_se"].dropna() > 0).all()
    for name in COUNTS:
        assert frame[name].dropna().min() >= 20


def test_blanks_are_common_for_small_groups_and_jail_can_be_blank_alone(tracts):
    assert 0.1 < tracts.kfr_hisp_pooled_p25.isna().mean() < 0.8
    assert tracts.kfr_pooled_pooled_p25.isna().mean() < 0.05
    assert (tracts.jail_pooled_pooled_p25.isna() & tracts.kfr_pooled_pooled_p25.notna()).any()


def test_pooled_is_the_weighted_mean_of_women_and_men(tracts):
    women, men = tracts.pooled_female_count, tracts.pooled_male_count
    mixed = (tracts.kfr_pooled_female_p25 * women + tracts.kfr_pooled_male_p25 * men) / (women + men)
    assert (mixed - tracts.kfr_pooled_pooled_p25).abs().max() < 0.003
    shown = tracts[["white_pooled_count", "black_pooled_count", "hisp_pooled_count"]].sum(axis=1)
    assert (shown < tracts.pooled_pooled_count.fillna(0) + 60).all()


def test_errors_follow_counts_with_tails(tracts):
    scaled = tracts.kfr_black_male_p25_se * np.sqrt(tracts.black_male_count)
    assert scaled.median() == pytest.approx(0.45, abs=0.06)
    assert scaled.quantile(0.99) > 1.2 * scaled.median()


def test_ranges(tracts):
    jail = tracts.filter(regex="^jail.*p25$")
    assert (jail < 0).to_numpy().any(), "slightly negative shares are legitimate"
    ranks = tracts.filter(regex="^kfr.*p25$").to_numpy()
    assert np.nanmin(ranks) > -0.2 and np.nanmax(ranks) < 1
    fraction = tracts.pooled_pooled_count.dropna() % 1
    assert (fraction != 0).mean() > 0.95


def test_neighbours_resemble_each_other(sample, tracts):
    """Moran's I with inverse-distance weights over the Detroit tracts' positions is clearly positive."""
    features = json.loads((sample / "tracts_detroit.geojson").read_text())["features"]
    centre = {int(f["properties"]["TRACTCE"]): np.mean(f["geometry"]["coordinates"][0], axis=0) for f in features}
    rows = tracts[(tracts.fips == "26163") & tracts.kfr_pooled_pooled_p25.notna()]
    points = np.array([centre[code] for code in rows.tract])
    distance = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    nearest = np.argsort(distance, axis=1)[:, 1:7]
    z = rows.kfr_pooled_pooled_p25.to_numpy() - rows.kfr_pooled_pooled_p25.mean()
    moran = (z * z[nearest].mean(axis=1)).sum() / (z * z).sum()
    assert moran > 0.25


def test_crosswalk_meets_its_check_values():
    table = crosswalk_table()
    assert (np.diff(table, axis=0) >= 0).all()
    assert table[[9, 10, 25, 50, 75, 100], 1] == pytest.approx([0, 25.39, 15551.21, 42317.11, 83317, 1062314])
    assert (table[50, 2], table[25, 8], table[50, 8]) == pytest.approx((29305, 27044, 55802))
    for rank, dollars in [(0.38697663, 29634), (0.4457835, 36006), (0.39687583, 30683.9), (0.45301577, 36819.4)]:
        assert rank_to_dollars(np.array(rank)) == pytest.approx(dollars, abs=2)


def test_every_city_has_its_zone_and_shares_add_up():
    zones = {zone.cz: zone for zone in COMMUTING_ZONES}
    for city in CITIES:
        share = sum(part.share_of_cz for part in city.counties)
        assert zones[city.cz].name == city.czname
        assert share == pytest.approx(1) if not zones[city.cz].other_counties else share < 0.8
        assert all(sum(part.mix) == pytest.approx(1) for part in city.counties)

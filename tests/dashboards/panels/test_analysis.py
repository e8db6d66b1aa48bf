"""The page behind "More analysis", through the real pipeline: without and with standard errors, and with little."""

import re

import numpy as np
import pytest

from atlas.ingest.pipeline import run
from atlas.records.analysis import ChildGroups, GroupCounts
from atlas.sources.downloads import default_downloads
from dashboards.panels import segregation
from dashboards.panels.catalog import KINDS
from tests.dashboards.panels.records import make_city
from tests.dashboards.panels.test_panels import BANNED
from tests.dashboards.places.test_query_counts import cost
from tests.factories import files, grid, portal

pytestmark = pytest.mark.django_db
PANELS = [slug for slug, kind in KINDS.items() if kind.page == "analysis"]
PAGE = "/cities/springfield/analysis/"


def answer(client, slug: str, query: str = "") -> dict:
    response = client.get(f"/api/v1/cities/springfield/panels/{slug}/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def said(panel: dict) -> str:
    words = [panel["title"], panel["finding"], panel["reason"], panel["caption"]]
    return " ".join([*words, *panel["caveats"], *panel["details"]])


def rows(panel: dict, key: str) -> dict[str, dict]:
    return {row[key]: row for row in panel["rows"]}


def weight_check_note(panel: dict) -> None:
    assert bool(panel["finding"]) != bool(panel["reason"]), panel["panel"]
    text = said(panel)
    assert not BANNED.search(text), text
    assert not re.search(r"\bnan\b|None|poor children\W(?! by)|league|\{|\}", text.replace("“poor children”", "")), text


def test_six_panels_are_there():
    assert PANELS == ["spread", "characteristics", "rent", "children", "segregation", "clustering"]


def test_every_panel_says_something_or_why_not_on_three_tracts(tmp_path, client):
    portal.build(tmp_path)
    for slug in PANELS:
        weight_check_note(answer(client, slug))
    assert client.get(PAGE).status_code == 200


def test_with_standard_errors_noise_is_taken_out_and_intervals_are_there(tmp_path, client):
    grid.build(tmp_path)
    found = {slug: answer(client, slug) for slug in PANELS}
    for panel in found.values():
        weight_check_note(panel)
        assert panel["finding"]
    assert "of the variation is real (likely range" in found["spread"]["finding"]
    real = rows(found["spread"], "part")["net of noise"]
    assert real["low"] < real["standard_deviation"] < real["high"] and 0 < real["reliability"] < 1
    # Rank and poverty both run from west to east: 60 tracts of one slope are worth fewer than four independent ones.
    together = found["characteristics"]["finding"]
    assert together.startswith("In Springfield, we can’t say whether the poverty rate (2012–16) and ")
    assert "correlation is −0.98" in together and "no likely range: these tracts are worth 3.7 independent " in together
    # 60 tracts by their own errors against the middle of all 63: the limit is |z| = 3.34 at first.
    where = answer(client, "where")["finding"]
    assert re.match(
        r"Of 60 Springfield neighborhoods with data, \d+ are clearly below the US middle and \d+ clearly above\. "
        r"\d+ are too close to call\. ",
        where,
    ), where
    every, below, above, near = (int(number) for number in re.findall(r"\d+", ".".join(where.split(".")[:2])))
    assert every == 60 == below + above + near and near > 0
    beside = answer(client, "distribution")["finding"]
    assert where[: where.index("clearly above")].replace("Springfield ", "") in beside
    assert "(likely range" in found["children"]["finding"] and "1,000 draws" in said(found["children"])
    assert "in 100 draws" in found["clustering"]["finding"]
    told = {row["verdict"] for row in found["rent"]["rows"]}
    assert "left out: a code, no rent" in told and "too close to call against the line" in told
    assert all(row["residual_error"] >= 0.01 for row in found["rent"]["rows"] if row["residual_error"])


def test_without_standard_errors_the_reason_stands_in_their_place(tmp_path, client):
    grid.build(tmp_path, errors=False)
    found = {slug: answer(client, slug) for slug in PANELS}
    for panel in found.values():
        weight_check_note(panel)
        assert panel["finding"]
    for slug in ("spread", "clustering"):
        assert "the file loaded here has no margin of error" in found[slug]["finding"]
    noise = rows(found["spread"], "part")["noise of the estimates"]
    assert noise["standard_deviation"] is None and noise["reason"]
    assert {row["verdict"] for row in found["rent"]["rows"]} == {
        "not known: no standard error",
        "left out: a code, no rent",
    }
    assert "can’t say which neighborhoods" in found["rent"]["finding"]
    assert "not a forecast" in said(found["children"]) and "No likely range" in said(found["children"])


def test_the_data_page_says_what_a_file_with_margins_would_add(tmp_path, client):
    grid.build(tmp_path, errors=False)
    asked = "fetch tract_outcomes_simple --commit"
    assert asked in client.get("/data/").content.decode()


def test_the_data_page_asks_for_no_file_that_is_there(tmp_path, client):
    grid.build(tmp_path)
    assert "fetch tract_outcomes_simple --commit" not in client.get("/data/").content.decode()


def test_fetch_takes_the_files_with_standard_errors_and_no_single_measure_download():
    names = [download.name for download in default_downloads(["26"])]
    assert names[0] == "tract_outcomes_simple" and not any(name.startswith("shown_tract") for name in names)


def test_codes_of_rents_are_counted_and_left_out(tmp_path, client):
    grid.build(tmp_path)
    for slug in ("rent", "characteristics"):
        assert "1 tract at the bottom code ($99 or less) and 1 tract at the top code ($3,501 or more)" in said(
            answer(client, slug)
        )
    assert rows(answer(client, "characteristics"), "characteristic")["Median gross rent, 2012–16"]["tracts"] == 58


def test_segregation_is_that_of_the_children_counted(tmp_path, client):
    """Counts 200 + 20 y of 500 + 10 x, by hand."""
    grid.build(tmp_path)
    spots = [(x, y) for y in range(grid.ROWS) for x in range(grid.COLUMNS)]
    low = [200 + 20 * y for _, y in spots]
    other = [500 + 10 * x - count for (x, _), count in zip(spots, low, strict=True)]
    pairs = list(zip(low, other, strict=True))
    apart = 0.5 * sum(abs(a / sum(low) - b / sum(other)) for a, b in pairs)
    panel = answer(client, "segregation")
    assert panel["title"].startswith("How far apart did low-income and other children live in ")
    own = panel["rows"][0]
    assert own["dissimilarity"] == pytest.approx(apart, abs=1e-6)
    assert own["isolation"] + own["exposure"] == pytest.approx(1)
    assert "the counts are published with noise added" in said(panel)
    assert "Black and white children: Counts of Black and white children by tract" in said(panel)


def test_tracts_without_an_outline_and_without_neighbours_are_said(tmp_path, client):
    city = portal.build(tmp_path)
    assert city.tracts.filter(belongs=True).count() == 3
    assert "Nothing can be said of neighbors" in answer(client, "clustering")["reason"]


def test_the_picker_offers_outcomes_and_no_incarceration_unless_asked(tmp_path, client):
    portal.build(tmp_path)
    page = client.get(PAGE).content.decode()
    offered = re.findall(r'<option value="([^"]+)"', page)
    assert offered[0] == "kfr_pooled_pooled_p25" and "jail_pooled_pooled_mean" not in offered
    assert not any("usd" in slug or slug.startswith("poor") for slug in offered)
    asked = client.get(PAGE + "?measure=jail_pooled_pooled_mean").content.decode()
    assert '<option value="jail_pooled_pooled_mean" selected' in asked


@pytest.mark.parametrize("measure", ["kfr_pooled_pooled_p25_usd_2015", "poor_share2016", "nonsense"])
def test_what_is_no_outcome_in_ranks_or_shares_gets_the_nearest_that_is(tmp_path, client, measure):
    portal.build(tmp_path)
    response = client.get(PAGE, {"measure": measure})
    assert response.status_code == 404 and b"kfr_pooled_pooled_p25" in response.content
    api = client.get("/api/v1/cities/springfield/panels/spread/", {"measure": measure})
    assert api.status_code == 404 and "kfr_pooled_pooled_p25" in api.json()["detail"]


def test_the_csv_is_named_after_the_outcome_it_holds(tmp_path, client):
    portal.build(tmp_path)
    response = client.get("/cities/springfield/children.csv")
    assert 'filename="springfield-children-kfr_pooled_pooled_p25.csv"' in response["Content-Disposition"]


def test_before_any_import_the_page_says_what_is_missing_and_where_to_look(client):
    portal.add_city()
    page = client.get(PAGE)
    words = page.content.decode()
    assert page.status_code == 200 and '<div class="empty">' in words and 'href="/data/"' in words


def test_the_sample_says_what_it_is(tmp_path, client):
    grid.build(tmp_path, sample=True)
    page = client.get(PAGE).content.decode()
    assert page.count('<p class="sample-mark">synthetic sample data</p>') == len(PANELS)


def test_the_page_costs_the_same_with_more_tracts_and_more_characteristics(tmp_path, client):
    """Counted cold, each time after a flip of the same kind."""
    grid.build(tmp_path, rows=3)

    def cut(count: int) -> int:
        boxes = {g: (-83.10 + 0.1 / count * i, 42.30, 0.1 / count, 0.03) for i, g in enumerate(grid.geoids(count))}
        run(files.tract_map(tmp_path / f"{count}.geojson", boxes), commit=True, accept_losses=True)
        return cost(client, PAGE)

    def describe(words: str) -> int:
        values = dict.fromkeys(grid.geoids(30), ".1")
        portal.ingest(files.shown_tract(tmp_path / f"{words}.csv", values, words))
        return cost(client, PAGE)

    cut(30)
    assert cut(40) == cut(60)
    assert describe("Fraction_Non-White_in_2010") == describe("Fraction_Single_Parents_in_2012-16") <= 30


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("low-income children: modeled weight: Census 2000 ...", "are modeled and nothing says by how much"),
        ("low-income children: ... by the source's count (pooled_pooled_count)", "published with noise added"),
        ("Black and white children under 18, counted in Census 2000", "the counts of a census, not of a sample"),
    ],
)
def test_why_segregation_has_no_standard_error_depends_on_how_children_were_counted(rule, said):
    counts = np.array([100.0, 300.0])
    ground = GroupCounts("city", "Springfield", counts, counts[::-1])
    shown = segregation.build(make_city(), (ChildGroups("pair", "first children", "others", rule, (ground,)),))
    about = [caveat for caveat in shown.caveats if "no margin of error" in caveat]
    assert len(about) == 1 and said in about[0]
    assert not any("come from a census" in caveat for caveat in shown.caveats)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ((np.array([100.0]), np.array([300.0])), "is one tract with children counted"),
        (
            (np.array([np.nan]), np.array([300.0])),
            "No neighborhood of Springfield has first children and others counted",
        ),
    ],
)
def test_segregation_within_one_tract_or_none_is_said_and_not_made_a_zero(own, said):
    here = GroupCounts("city", "Springfield", *own)
    around = GroupCounts("county", "Clark County", np.array([100.0, 300.0]), np.array([300.0, 100.0]))
    found = segregation.build(
        make_city(), (ChildGroups("pair", "first children", "others", "counted", (here, around)),)
    )
    assert said in found.finding and "0 in 100" not in found.finding


@pytest.mark.parametrize("tiny", [1e-12, 1e-30])
def test_a_tiny_standard_error_leaves_the_page_standing_and_is_named(tmp_path, client, tiny):
    grid.build(tmp_path)
    codes = grid.geoids()
    rows = {g: (0.3 + 0.002 * i, 0.02, 200.0) for i, g in enumerate(codes)}
    path = grid.simple_tracts(tmp_path / "again.csv", rows)
    text = path.read_text().splitlines()
    text[4] = text[4].replace("0.020000", f"{tiny}")
    files.write(path, "\n".join(text) + "\n")
    portal.ingest(path)
    page = client.get("/cities/springfield/")
    assert page.status_code == 200
    files_say = client.get("/api/v1/cities/springfield/panels/where/").json()["details"]
    assert any("Standard errors below 1% of the median one" in said and said.count(": 1.") for said in files_say)


def test_a_fit_that_cannot_be_solved_takes_no_page_down(tmp_path, client, monkeypatch, caplog):
    grid.build(tmp_path)

    def singular(*args, **kwargs):
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr("atlas.queries.tract_statistics.shrink", singular)
    page = client.get("/cities/springfield/")
    assert page.status_code == 200 and "cannot be used in a fit" in page.content.decode()
    assert "Singular matrix" in caplog.text


def test_tracts_on_one_line_have_no_margin_of_error_and_the_panel_says_so(tmp_path, client):
    """Two tracts with a rent, or any number on one line, fit perfectly: nothing shows how uncertain the line is."""
    grid.build(tmp_path)
    rents = {g: str(700 + 10 * (i % 30)) for i, g in enumerate(grid.geoids())}
    portal.ingest(files.shown_tract(tmp_path / "line.csv", rents, grid.RENT))
    straight = {g: (0.25 + (i % 30) / 64, 0.02, 200.0) for i, g in enumerate(grid.geoids())}  # exact in binary
    portal.ingest(grid.simple_tracts(tmp_path / "straight.csv", straight))
    found = answer(client, "rent")
    assert "has no margin of error: the points lie on one line" in found["finding"]
    assert client.get(PAGE).status_code == 200

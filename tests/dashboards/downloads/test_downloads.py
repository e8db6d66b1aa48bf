"""Whole releases: every city and measure in one file, at an address that never answers with other bytes."""

import hashlib
import io
import json
import shutil

import frictionless
import numpy as np
import pandas as pd
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.ingest import fetches
from atlas.ingest.pipeline import run
from atlas.queries.measures import available_measures
from atlas.queries.tracts import place_tracts
from dashboards.base.place_lookup import find_place
from dashboards.downloads import files as downloads
from tests.atlas.sources.test_consumer_prices import written
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
FACTOR = 334.98 / 237.017
VALUES = {"26163500100": ".1", "26163500200": ".25"}


@pytest.fixture
def springfield(tmp_path, settings):
    settings.MOBILITY_HOME = tmp_path / "home"
    downloads._current.cache_clear()
    portal.build(tmp_path)


def follow(client, name: str):
    answer = client.get(f"/data/download/latest/{name}")
    assert answer.status_code == 302
    return client.get(answer.headers["Location"])


def test_the_files_hold_every_city_measure_and_tract_with_the_pages_numbers(springfield, client):
    parquet = pd.read_parquet(io.BytesIO(follow(client, "estimates.parquet").content))
    csv = pd.read_csv(io.BytesIO(follow(client, "estimates.csv").content), dtype={"geoid": str})
    assert list(parquet.columns) == list(csv.columns) and len(parquet) == len(csv)
    np.testing.assert_array_equal(parquet["value"], csv["value"])
    place = find_place("city", "springfield")
    measures = available_measures("tract")
    assert set(parquet["measure"]) == {measure.slug for measure in measures}
    for measure in measures:
        shown, rows = place_tracts(place, measure.slug), parquet[parquet["measure"] == measure.slug]
        assert tuple(rows["geoid"]) == shown.geoids
        np.testing.assert_array_equal(rows["value"].to_numpy().astype("f4"), shown.values)
        assert set(rows["release"]) == {shown.sources[0].release_id}
    assert (parquet["reason"] != "")[parquet["standard_error"].isna()].all()
    listed = pd.read_csv(io.BytesIO(follow(client, "measures.csv").content))
    assert set(listed["measure"]) == set(parquet["measure"]) and listed["sha256"].str.len().eq(64).all()


def test_standard_errors_and_counts_travel_where_the_file_has_them(tmp_path, settings, client):
    settings.MOBILITY_HOME = tmp_path / "home"
    portal.build(tmp_path)
    rows = {geoid: (".4", ".02", "300") for geoid in portal.CITY_TRACTS}
    portal.ingest(files.simple_tracts(tmp_path / "tract_outcomes_simple.csv", rows))
    found = pd.read_csv(io.BytesIO(follow(client, "springfield.csv").content))
    known = found[(found["measure"] == "kfr_pooled_pooled_p25") & found["belongs"]]
    assert known["standard_error"].tolist() == [0.02] * 3 and known["n"].tolist() == [300.0] * 3


def test_frictionless_finds_the_package_whole(springfield, client, tmp_path):
    package = json.loads(follow(client, "datapackage.json").content)
    for resource in package["resources"]:
        content = follow(client, resource["path"]).content
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        (tmp_path / resource["path"]).write_bytes(content)
    package["resources"] = [resource for resource in package["resources"] if resource["format"] == "csv"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    report = frictionless.validate(tmp_path / "datapackage.json")
    assert report.valid, report.flatten(["fieldName", "message"])


def test_a_version_stays_as_it_was_when_something_new_is_live(springfield, client, tmp_path):
    old = client.get("/data/download/latest/estimates.csv").headers["Location"]
    before = client.get(old)
    assert before.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    portal.ingest(files.shown_tract(tmp_path / "more.csv", VALUES, "Employment_Rate_rP_gP_pall"))
    new = client.get("/data/download/latest/estimates.csv").headers["Location"]
    assert new != old and client.get(old).content == before.content
    assert client.get(old, headers={"if-none-match": before.headers["ETag"]}).status_code == 304
    gone = client.get("/data/download/0123456789ab/estimates.csv")
    assert gone.status_code == 404 and new.rsplit("/", 2)[1] in gone.content.decode()
    city_of_old = old.replace("estimates.csv", "springfield.csv")
    assert client.get(city_of_old).status_code == 404  # was not asked for while it was the newest


def test_only_the_last_versions_are_kept(springfield, client):
    root = settings.MOBILITY_HOME / "exports"
    for number in range(downloads.KEPT + 3):
        (root / f"old{number}").mkdir(parents=True)
    client.get("/data/download/")
    kept = {folder.name for folder in root.iterdir()}
    assert len(kept) == downloads.KEPT and any(len(name) == 12 for name in kept)


def test_source_files_that_were_downloaded_are_left_alone(springfield, client):
    fetched = fetches.downloads_folder()
    fetched.mkdir(parents=True)
    names = [f"tract_outcomes_{number}.csv" for number in range(downloads.KEPT + 3)]
    for name in names:
        (fetched / name).write_text("geoid")
    assert client.get("/data/download/").status_code == 200
    assert sorted(path.name for path in fetched.iterdir()) == sorted(names)


def test_a_name_that_a_request_makes_up_makes_no_other_version(springfield, client):
    answers = [client.get("/data/download/latest/estimates.csv", headers={"host": f"localhost:{n}"}) for n in (1, 2)]
    assert len({answer.headers["Location"].rsplit("/", 2)[1] for answer in answers}) == 1
    assert len(list((settings.MOBILITY_HOME / "exports").iterdir())) == 1


def test_files_somebody_removed_are_made_again(springfield, client):
    assert client.get("/data/download/").status_code == 200
    shutil.rmtree(settings.MOBILITY_HOME / "exports")
    assert client.get("/data/download/").status_code == 200
    assert follow(client, "estimates.csv").status_code == 200


def test_two_servers_may_remove_the_same_old_version(springfield, client, monkeypatch):
    for number in range(downloads.KEPT + 1):
        (settings.MOBILITY_HOME / "exports" / f"old{number}").mkdir(parents=True)
    remove = shutil.rmtree

    def late(folder):
        remove(folder)
        remove(folder)

    monkeypatch.setattr(downloads.shutil, "rmtree", late)
    assert client.get("/data/download/").status_code == 200


@pytest.mark.parametrize("name", ["nowhere.csv", "springfield.xlsx", "estimates.gpkg", "measures.json"])
def test_what_is_not_offered_is_not_found(springfield, client, name):
    assert follow(client, name).status_code == 404


def test_a_citys_file_has_its_rows_alone_in_every_format(springfield, client):
    csv = pd.read_csv(io.BytesIO(follow(client, "springfield.csv").content), dtype={"geoid": str})
    parquet = pd.read_parquet(io.BytesIO(follow(client, "springfield.parquet").content))
    rows = json.loads(follow(client, "springfield.json").content)["rows"]
    assert set(csv["city"]) == {"springfield"} and len(csv) == len(parquet) == len(rows)
    assert follow(client, "springfield.csv").content == follow(client, "springfield.csv").content


def test_the_page_names_files_checksums_sources_and_code(springfield, client):
    page = client.get("/data/download/").content.decode()
    csv = follow(client, "estimates.csv").content
    assert hashlib.sha256(csv).hexdigest() in page and "read.csv(" in page and "pd.read_csv" in page
    start = page.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    described = json.loads(page[start : page.index("</script>", start)])
    assert described["@type"] == "Dataset" and described["version"] in page and len(described["distribution"]) == 2


def test_the_catalog_has_what_dcat_us_asks_for(springfield, client):
    catalog = client.get("/data.json").json()
    assert catalog["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    required = {"title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"}
    for dataset in catalog["dataset"]:
        assert required <= set(dataset) and dataset["accessLevel"] == "public"
        assert dataset["contactPoint"]["hasEmail"].startswith("mailto:") and len(dataset["modified"]) == 10
        for one in dataset["distribution"]:
            assert client.get(one["downloadURL"].removeprefix("http://testserver")).status_code == 200
            assert client.get(one["describedBy"].removeprefix("http://testserver")).status_code == 200


def test_while_nothing_is_live_the_page_says_so(client, settings, tmp_path):
    settings.MOBILITY_HOME = tmp_path / "home"
    assert "No estimates have been imported yet" in client.get("/data/download/").content.decode()
    assert client.get("/data.json").json()["dataset"] == []


def test_a_version_costs_the_same_queries_with_more_measures(springfield, client, tmp_path):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/data/download/latest/estimates.csv")
        return len(seen)

    cost()
    rows = {geoid: (".4", ".02", "300") for geoid in portal.CITY_TRACTS}
    portal.ingest(files.simple_tracts(tmp_path / "tract_outcomes_simple.csv", rows))
    assert cost() <= 20
    assert cost() <= 3  # remembered until something is flipped


def test_in_dollars_of_today_the_estimates_are_a_version_of_their_own(springfield, client, tmp_path):
    asked = "/data/download/latest/estimates.csv?dollars=today"
    assert client.get(asked)["Location"] == client.get(asked.partition("?")[0])["Location"], "without prices"
    assert run(written(tmp_path / "prices.csv"), commit=True).outcome == "activated"
    addresses = [client.get(address)["Location"] for address in (asked.partition("?")[0], asked)]
    before, after = (read_estimates(client, address) for address in addresses)
    incomes = before["unit"] == "usd_2015"
    assert incomes.any() and set(after["unit"][incomes]) == {"usd_2026_08"}
    for name in ("value", "standard_error"):
        np.testing.assert_allclose(after[name][incomes], before[name][incomes] * FACTOR, rtol=1e-6)
    pd.testing.assert_frame_equal(after[~incomes], before[~incomes])
    described = client.get(addresses[1].replace("estimates.csv", "datapackage.json")).content.decode()
    assert "1.41332" in described and "August 2026" in client.get("/data/download/?dollars=today").content.decode()
    city = read_estimates(client, addresses[1].replace("estimates", "springfield"))  # its address says no dollars
    pd.testing.assert_frame_equal(city, after[after["city"] == "springfield"].reset_index(drop=True))


def read_estimates(client, address: str) -> pd.DataFrame:
    answer = client.get(address)
    assert answer.status_code == 200
    return pd.read_csv(io.BytesIO(answer.content), dtype={"geoid": str})

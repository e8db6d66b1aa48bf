"""Every page, figure, table, map and answer that shows generated numbers says so; published ones never do."""

import json
import re

import pytest

from atlas.ingest import jobs
from atlas.models import FetchJob, IngestJob
from atlas.records.places import SAMPLE_NOTICE
from tests.atlas.sources.test_occupation_wages import written as wages_file
from tests.factories import files, portal
from tests.test_addresses import PUBLIC, address

pytestmark = pytest.mark.django_db
# These show no number of any data set: what runs, the form of the API, addresses for search engines.
SILENT = {"healthz", "livez", "readyz", "api/schema/", "api/docs/", "methods/", "api/v1/errata/"}
SILENT |= {"robots.txt", "sitemap.xml", "accessibility/"}
SILENT |= {"manifest.webmanifest", "worker.js", "offline/", "device/"}  # of a device: no number on any
STRIP = '<div class="strip-demo" role="note">'  # under the header of a whole page
# These show something only when asked for something.
ASKED = {
    "compare/": "/compare/?cities=springfield",
    "compare/<slug:panel_slug>.csv": "/compare/spreads.csv?cities=springfield",
    "api/v1/compare/": "/api/v1/compare/?cities=springfield",
    "cities/<slug:slug>/card.html": f"/cities/springfield/card.html?tract={portal.CITY_TRACTS[0]}",
    # Of the formats the one that is text: all of them are written from the same table.
    "cities/<slug:slug>/<slug:panel_slug>.<table_file:extension>": "/cities/springfield/where.json",
    "cities/<slug:slug>/wages/suggestions/": "/cities/springfield/wages/suggestions/?q=nurs",
    "cities/<slug:slug>/wages/occupations.<table_file:extension>": "/cities/springfield/wages/occupations.json",
    "compare/<slug:panel_slug>.<table_file:extension>": "/compare/means.json?cities=springfield",
    "tracts/<tract:geoid>/measures.<table_file:extension>": "/tracts/26163500100/measures.json",
    "^data/download/latest/(?P<name>[a-z0-9-]+\\.[a-z.]+)$": "/data/download/",
    "^data/download/(?P<version>[0-9a-f]{12})/(?P<name>[a-z0-9-]+\\.[a-z.]+)$": "/data/download/",
    "search/": "/search/?q=springfield",
    "evidence/": "/evidence/?city=springfield",
}
# Pictures and documents: their words are drawn, and tested where they are made.
DRAWN = (".png", ".pdf", ".pptx")
# Pages of signing in show no number; areas have tests of their own; the rest opens by a secret link only.
PRIVATE = (
    "metrics",  # for this machine, or by token
    "accounts/",
    "areas/",
    "api/v1/areas/",
    "calendar/",
    "invitations/",
    "unsubscribe/",
    "shared/",
    "updates/by-link/",
    "replies/by-link/",
)
# What studies found is no number of a data set, and a list of plans only names them.
OF_STUDIES = ("evidence/<", "evidence/export", "evidence/import", "evidence/add", "api/v1/evidence/")
# Neither is what a city tried and what came of it.
OF_RESULTS = (
    "what-works/",
    "pilots/",
    "api/v1/pilots/",
    "results/",
    "api/v1/results/",
    "api/v1/projects/",
    "api/v1/searches/",
    "api/v1/replies/",
)
PRIVATE += (*OF_RESULTS, *OF_STUDIES, "cities/<slug:slug>/plans/")
SHOWN = [route for route in {*PUBLIC, *ASKED} if not route.startswith(PRIVATE) and not route.endswith(DRAWN)]
CSVS = [f"/cities/springfield/{panel}.csv" for panel in ("headline", "where", "distribution")]
WAGES_CSV = "/cities/springfield/wages/occupations.csv"
LISTS = ["/api/v1/cities/", "/api/v1/measures/", "/api/v1/releases/", "/api/v1/cities/springfield/tracts/"]


def watched(folder, sample: bool) -> IngestJob:
    """A portal with wages, an import and a fetch to show."""
    portal.build(folder, sample=sample)
    portal.ingest(wages_file(folder / "oews_may2025.csv"), sample=sample)
    job = IngestJob.objects.create(path=str(folder / "county.csv"))
    jobs.run_job(str(job.pk))
    said = f"the portal shows {SAMPLE_NOTICE} until they can" if sample else "10 of 10 files fetched"
    fetch = FetchJob(status="done", report={"sentence": said}, finished_at=job.created_at)
    fetch.save()
    return job


def text_of(client, route: str, job: IngestJob) -> str:
    job.refresh_from_db()
    url = ASKED.get(route) or address(route, release=job.release_id).replace(
        "12345678-1234-5678-1234-567812345678", str(job.pk)
    )
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def says_so(text: str) -> bool:
    """In the words beside a generated number, or in the strip over a page that shows any."""
    return SAMPLE_NOTICE in text or STRIP in text


def test_with_the_sample_live_everything_that_shows_it_says_so(tmp_path, client):
    job = watched(tmp_path, sample=True)
    silent = [r for r in SHOWN if r not in SILENT and not says_so(text_of(client, r, job))]
    assert silent == []
    for url in [*CSVS, WAGES_CSV]:
        head, *rows = client.get(url).content.decode().splitlines()
        assert head.endswith("sample_notice") and all(row.endswith(SAMPLE_NOTICE) for row in rows), url


def test_with_published_data_live_nothing_says_so(tmp_path, client):
    job = watched(tmp_path, sample=False)
    talking = [r for r in SHOWN if says_so(text_of(client, r, job).lower())]
    assert talking == []
    assert not any(SAMPLE_NOTICE in client.get(url).content.decode() for url in [*CSVS, WAGES_CSV])


def figures(page: str) -> dict[str, dict]:
    found = re.findall(r'<script id="(figure-[a-z]+)" type="application/json">(.*?)</script>', page)
    return {name: json.loads(text) for name, text in found}


def sections_marked(page: str) -> set[str]:
    """Sections of a city's page that say so of what was generated in them."""
    starts = {
        name: page.index(f'id="{name}"') for name in ("headline", "where", "groups", "cities", "changing", "know")
    }
    ends = dict(zip(starts, [*list(starts.values())[1:], len(page)], strict=True))
    return {name for name, start in starts.items() if 'class="sample-mark"' in page[start : ends[name]]}


@pytest.mark.parametrize("sample", [True, False])
def test_every_picture_carries_the_words_inside_itself(tmp_path, client, sample):
    watched(tmp_path, sample)
    page = client.get("/cities/springfield/").content.decode()
    assert (SAMPLE_NOTICE in re.findall(r'<svg class="map-svg".*?</svg>', page, re.S)[0]) == sample
    assert (SAMPLE_NOTICE in client.get("/cities/springfield/where.svg").content.decode()) == sample
    drawn = {}
    for name in ("headline", "distribution"):
        drawn |= figures(client.get(f"/cities/springfield/charts/{name}/").content.decode())
    assert drawn.keys() == {"figure-headline", "figure-distribution"}
    for name, figure in drawn.items():
        words = [a["text"] for a in figure["layout"].get("annotations", [])]
        assert any(SAMPLE_NOTICE in text for text in words) == sample, name
    maps = re.findall(r"<svg class=\"us-map.*?</svg>", client.get("/").content.decode(), re.S)
    assert len(maps) == 2 and all((f">{SAMPLE_NOTICE}</text>" in svg) == sample for svg in maps)


@pytest.mark.parametrize("sample", [True, False])
def test_every_answer_says_it_beside_its_results(tmp_path, client, sample):
    watched(tmp_path, sample)
    for url in [*LISTS, "/api/v1/cities/springfield/", "/cities/springfield/map.json"]:
        body = client.get(url).json()
        assert (body["sample"], body["notice"]) == (sample, SAMPLE_NOTICE if sample else ""), url
    body = client.get("/cities/springfield/geometry.json").json()
    assert body.get("notice") == (SAMPLE_NOTICE if sample else None)
    assert all(s["is_sample"] == sample for s in client.get(LISTS[0]).json()["sources"])


def test_in_a_mixed_state_each_number_says_what_it_is(tmp_path, client):
    """The county is published, the tracts are generated."""
    watched(tmp_path, sample=True)
    real = tmp_path / "real"
    real.mkdir()
    counties = {
        "26163": (11600, "Detroit", ".35", ".0009", "1500"),
        "06037": (38300, "Los Angeles", ".41", ".001", "300"),
        "36055": (18000, "Buffalo", ".39", ".002", "270"),
        "55101": (24000, "Kenosha", ".40", ".003", "240"),
    }
    portal.ingest(files.counties(real / "county.csv", counties))
    page = client.get("/cities/springfield/").content.decode()
    assert "Some of this is sample data" in page
    assert sections_marked(page) == {"headline", "where", "groups", "cities"}
    found = client.get("/api/v1/cities/springfield/").json()
    references = {(r["kind"], r["is_published"]): r["is_sample"] for r in found["headline"]["references"]}
    assert found["sample"] and found["headline"]["is_sample"]
    assert ("county", True) not in references, "a published county is not set beside generated tracts"
    assert references[("county", False)] is True and references[("nation", False)] is True
    rows = client.get(CSVS[0]).content.decode().splitlines()[1:]
    marked = [row.removesuffix(f",{SAMPLE_NOTICE}") for row in rows]  # the file as a whole rests on some of it
    assert marked != rows and all(SAMPLE_NOTICE in row for row in marked), "no published row stands among them"
    assert {s["is_sample"] for s in client.get("/api/v1/releases/").json()["results"]} == {True, False}


def test_published_numbers_on_generated_outlines_are_marked(tmp_path, client):
    city = portal.build(tmp_path)
    sample = tmp_path / "sample"
    sample.mkdir()
    portal.forget_maps()
    portal.build_maps(sample, city, sample=True)
    page = client.get("/cities/springfield/").content.decode()
    assert "Some of this is sample data" in page
    assert sections_marked(page) == {"headline", "where", "groups", "cities"}
    assert client.get(LISTS[3]).json()["sample"] is True
    assert all(SAMPLE_NOTICE in client.get(url).content.decode() for url in CSVS)


def test_pages_without_numbers_need_no_database_for_the_banner(client):
    page = client.get("/nowhere/")
    assert page.status_code == 404 and "strip-demo" not in page.content.decode()

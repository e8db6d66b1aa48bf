"""Publishers' files brought in, then server time, queries and bytes of the pages, cold and warm."""

import gzip
import time
from functools import partial
from pathlib import Path

from django.test import Client

from atlas import vectors
from atlas.ingest.pipeline import run
from atlas.ingest.scanning import find_files
from atlas.queries.cities import cities
from atlas.queries.drawings import _drawing
from atlas.queries.headlines import _headlines, _mean_inputs
from atlas.queries.live import _load_catalog
from atlas.queries.measures import _load_available, _tract_vector
from atlas.queries.members import _city_members
from atlas.queries.tract_statistics import _statistics
from atlas.queries.tracts import _city_tract_names, _histogram
from atlas.queries.weights import _modelled
from dashboards.compare.comparison import _panels
from dashboards.panels.catalog import _panel
from dashboards.panels.panel_view import _shown
from dashboards.places import city_map
from dashboards.places.map_page import _picker
from dashboards.places.map_payload import _payload
from dashboards.places.tract_page import tract_page
from engagements.seeds.initiative import seed
from mobility_portal.bench import browser, downloads, kept_pages
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

FOLDERS = ("atlas/national", "atlas", "county", "geo", "context")
URLS = (
    "/",
    "/cities/detroit/",
    "/cities/racine/",
    "/cities/detroit/map.json",
    "/data/",
    "/api/v1/cities/",
    "/api/v1/cities/detroit/tracts/",
    "/tracts/26163517000/",
    "/compare/?cities=detroit,dayton,newark,tulsa",
    "/search/?q=gent",
    "/cities/detroit/map.json?measure=poor_share2016",
)


def forget() -> None:
    """As after a flip in a process that has read nothing yet."""
    kept = (
        _load_catalog,
        _load_available,
        _tract_vector,
        _histogram,
        _modelled,
        _headlines,
        _mean_inputs,
        _city_members,
        _statistics,
        _city_tract_names,
    )
    composed = (_shown, _panel, _payload, _panels, tract_page, _picker, city_map._shown, city_map._layers, _drawing)
    for cached in (*kept, *composed, vectors.index, vectors.national, vectors.labels):
        cached.cache_clear()


def report(results: Results, data: Path) -> None:
    """One row per folder of files and two per address; `data` as ATLAS_DATA_DIR is laid out."""
    seed()
    for folder in FOLDERS:
        start = time.perf_counter()
        live = sum(run(path, commit=True).outcome == "activated" for path in find_files([data / folder]))
        results.add(f"bring_in_{key_of(folder)}_seconds", time.perf_counter() - start, f"{live} files live")
    assert cities(), "the pages need cities"
    client = Client(headers={"accept-encoding": "identity"})
    for url in URLS:
        cold = measure(partial(client.get, url), 3, before=forget)
        with recorded_statements() as statements:
            response = client.get(url)
        warm = measure(partial(client.get, url), 15)
        size = len(gzip.compress(response.content))
        said = f"{len(statements)} queries, {size / 1000:.1f} kB gzipped, status {response.status_code}"
        results.add_milliseconds(f"page_{key_of(url)}_warm", warm, said)
        results.add_milliseconds(f"page_{key_of(url)}_cold", cold)
    kept_pages.report(results, forget)
    browser.report(results)
    downloads.report(results, forget)  # of the files just brought in

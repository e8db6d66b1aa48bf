"""Publishers' files brought in, then server time, queries and bytes of the pages, cold and warm."""

import gzip
import sys
import time
from functools import partial
from pathlib import Path

from django.test import Client

from atlas.ingest.pipeline import run
from atlas.ingest.scanning import find_files
from atlas.queries.cities import cities
from engagements.seeds.initiative import seed
from mobility_portal.bench import browser, downloads, kept_pages
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

# Where answers are remembered until something is flipped. What is read of files that never change stays.
_REMEMBERING = ("atlas.vectors", "atlas.queries.", "dashboards.", "engagements.")
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
    """As after a flip in a process that has read nothing yet: every answer of the queries and what was made of them."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_REMEMBERING):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and not isinstance(value, type) and value.__module__ == name:
                    value.cache_clear()


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

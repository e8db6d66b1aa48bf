"""Server time, queries and bytes of the pages, cold and warm."""

import gzip

from django.db import connection
from django.test import Client

from atlas import vectors
from atlas.queries.cities import cities
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
from dashboards.places.map_page import _picker
from dashboards.places.map_payload import _payload
from dashboards.places.tract_views import _page
from mobility_portal.bench.timing import measure

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
    composed = (_shown, _panel, _payload, _panels, _page, _picker)
    for cached in (*kept, *composed, vectors.index, vectors.national, vectors.labels):
        cached.cache_clear()


def report(write) -> None:
    client = Client(headers={"accept-encoding": "identity"})
    for url in URLS:
        cold = measure(lambda url=url: client.get(url), 3, before=forget)
        statements: list[str] = []
        with connection.execute_wrapper(lambda run, sql, *rest, log=statements: (log.append(sql), run(sql, *rest))[1]):
            response = client.get(url)
        warm = measure(lambda url=url: client.get(url), 15)
        size = len(gzip.compress(response.content))
        write(
            f"{url}: warm median {1000 * warm.median:.0f} ms, cold {1000 * cold.median:.0f} ms, "
            f"{len(statements)} queries, {size / 1000:.1f} kB gzipped, status {response.status_code}"
        )
    assert cities(), "the pages were measured on a portal without cities"

"""Which requests have threads of their own, so that light pages never wait behind them."""

import re
from collections.abc import Mapping

# Pages, tables, pictures and files that are computed for each reader. Kept pages are not among them.
HEAVY = re.compile(
    rb"^/areas/[0-9a-f]{32}/"  # an area somebody made: up to 2,000 tracts
    rb"|^/api/v1/areas/[0-9a-f]{32}/"
    rb"|^/api/v1/cities/[^/]+/(?:panels|summary|tracts)/"
    rb"|^/api/v1/(?:compare|search)/"
    rb"|^/search/$"
    rb"|\.(?:csv|xlsx|parquet|json|jsonld|geojson|gpkg|svg|png|pdf|pptx|zip|py|R)$"
)
# Files that lie ready, and what is kept.
_LIGHT = re.compile(rb"^/(?:static|data/download)/|^/data\.json$|^/cities/[^/]+/(?:map|geometry)\.json$")

# Pages that are kept for strangers, where they are not: with choices nobody made before, or for somebody signed in.
_MADE = re.compile(rb"^/(?:cities|compare|embed|tracts)/.")

# What watches the portal asks these: a process that is busy is not one that is dead.
_PROBES = (b"/healthz", b"/livez", b"/readyz")


def is_probe(path: bytes) -> bool:
    """Whether a thread of its own answers, however busy the others are."""
    return path in _PROBES


def is_heavy(path: bytes) -> bool:
    """Of a request's path, percent signs resolved.

    >>> is_heavy(b"/cities/detroit/where.csv"), is_heavy(b"/cities/detroit/"), is_heavy(b"/static/map.svg")
    (True, False, False)
    """
    return bool(HEAVY.search(path)) and not _LIGHT.match(path)


def is_counted(path: bytes) -> bool:
    """Whether a request that no kept page answered counts as heavy for its reader.

    >>> is_counted(b"/cities/detroit/charts/groups/"), is_counted(b"/cities/"), is_counted(b"/me/")
    (True, False, False)
    """
    return is_heavy(path) or bool(_MADE.match(path)) or path == b"/compare/"


def is_turned_away(environ: Mapping[str, object]) -> bool:
    """Of a request as WSGI hands it on: whether too many wait for heavy pages already, so that it gets none."""
    return bool(getattr(environ.get("gunicorn.socket"), "is_turned_away", False))

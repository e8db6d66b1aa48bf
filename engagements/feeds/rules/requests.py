"""Which address is asked for each kind of feed. Pure."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from engagements.feeds.rules.answers import FeedProblem

CSV, SOCRATA, ARCGIS, PUSH = "csv", "socrata", "arcgis", "push"
KINDS = (
    (CSV, "CSV file at an address"),
    (SOCRATA, "Socrata data set"),
    (ARCGIS, "ArcGIS feature layer"),
    (PUSH, "Pushed by a program"),
)
SOCRATA_ROWS = 50_000
PAGE_ROWS, MOST_PAGES = 2_000, 25  # of ArcGIS
_DATASET = re.compile(r"(?:^|/)([a-z0-9]{4}-[a-z0-9]{4})(?:[./?]|$)")
_LAYER = re.compile(r"/(?:FeatureServer|MapServer)/\d+$")
_SECRET_WORDS = re.compile(r"(?:token|api_?key|secret|password|signature|sig)$", re.IGNORECASE)


def request_address(kind: str, address: str, query: str, page: int = 0) -> str:
    """The address to ask. `query`: SoQL parameters (`$where=...`) for Socrata, a where clause for ArcGIS.

    Raises FeedProblem with a sentence for who typed it.
    """
    parts = urlsplit(address)
    if kind == CSV:
        return address
    if kind == SOCRATA:
        found = _DATASET.search(parts.path)
        if not found:
            raise FeedProblem("The address has no data set id, such as abcd-1234.", "Copy it from the data set’s page.")
        asked = dict(parse_qsl(query.lstrip("?"), keep_blank_values=True))
        if query.strip() and (not asked or any(not name.startswith("$") and " " in name for name in asked)):
            raise FeedProblem("The query is no list of SoQL parameters, such as $where=month>'2024-01'.")
        full = {"$limit": str(SOCRATA_ROWS)} | asked
        return urlunsplit((parts.scheme, parts.netloc, f"/resource/{found[1]}.json", urlencode(full), ""))
    path = parts.path.rstrip("/").removesuffix("/query")
    if not _LAYER.search(path):
        raise FeedProblem(
            "The address is not one of a layer.", "It ends with FeatureServer or MapServer and the layer’s number."
        )
    full = {
        "where": query.strip() or "1=1",
        "outFields": "*",
        "returnGeometry": "false",
        "f": "json",
        "resultRecordCount": str(PAGE_ROWS),
        "resultOffset": str(page * PAGE_ROWS),
    }
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/query", urlencode(full), ""))


def secret_headers(kind: str, secret: str) -> dict[str, str]:
    """How the secret is sent: never in the address, which servers write into their logs."""
    if not secret:
        return {}
    if kind == SOCRATA:
        return {"X-App-Token": secret}
    return {"X-Esri-Authorization" if kind == ARCGIS else "Authorization": f"Bearer {secret}"}


def find_secret_in_address(address: str, query: str) -> bool:
    """Whether somebody typed a token into the address or the query, where everybody in the team would read it."""
    asked = [*parse_qsl(urlsplit(address).query), *parse_qsl(query.lstrip("?"))]
    return any(_SECRET_WORDS.search(name) and value for name, value in asked)

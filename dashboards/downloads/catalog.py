"""`/data.json`: what can be downloaded here, in the format of US government catalogs (DCAT-US 1.1).

https://resources.data.gov/resources/dcat-us/
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from atlas.tables.datapackage import FileFacts
from atlas.tables.declaration import Table
from atlas.tables.describe import notes_of
from atlas.web.converters import PACKAGE
from atlas.web.table_files import PUBLISHER

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


@dataclass(frozen=True)
class Offered:
    """One table of a version, the facts of its files, and where a file of a name is."""

    table: Table
    files: tuple[FileFacts, ...]
    version: str
    modified: str  # ISO day on which the newest of its releases went live
    address_of: Callable[[str], str]


def describe_catalog(offered: tuple[Offered, ...]) -> dict[str, Any]:
    """The catalog as plain data."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_dataset(one) for one in offered],
    }


def _dataset(one: Offered) -> dict[str, Any]:
    table = one.table
    return {
        "@type": "dcat:Dataset",
        "identifier": f"{table.address}#{table.name}",
        "title": table.title,
        "description": " ".join(filter(None, [f"{table.title}.", table.description, *notes_of(table)])),
        "keyword": ["economic mobility", "census tracts", "Opportunity Atlas", "United States"],
        "modified": one.modified,
        "publisher": {"@type": "org:Organization", "name": PUBLISHER},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": PUBLISHER,
            "hasEmail": f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}",
        },
        "accessLevel": "public",
        "rights": " ".join(dict.fromkeys(source.license for source in table.sources)),
        "landingPage": table.address,
        "spatial": "Census tracts of 2010 in US cities",
        "references": list(dict.fromkeys(s.address for s in table.sources if s.address.startswith("http"))),
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"{table.title}, version {one.version}, SHA-256 {facts.sha256}",
                "downloadURL": one.address_of(facts.path),
                "mediaType": facts.media_type,
                "describedBy": one.address_of(PACKAGE),
                "describedByType": "application/json",
            }
            for facts in one.files
        ],
    }

"""`datapackage.json` (Frictionless Data Package 1): what a program needs to read the files and to cite them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atlas.tables.declaration import Column, Table
from atlas.tables.describe import notes_of

_ESCAPE = "In CSV a text that a spreadsheet would run as a formula has one apostrophe in front."
_ADDRESSES = ("http://", "https://")


@dataclass(frozen=True)
class FileFacts:
    """One written file: where it is (an address, or a path beside the datapackage.json), and what is in it."""

    path: str
    format: str  # "csv", "parquet", ...
    media_type: str
    byte_count: int
    sha256: str


def facts_of(content: bytes, path: str, format: str, media_type: str) -> FileFacts:
    """Facts of a file just written."""
    return FileFacts(path, format, media_type, len(content), hashlib.sha256(content).hexdigest())


def describe_package(
    name: str, title: str, files: Sequence[tuple[Table, FileFacts]], *, version: str = "", homepage: str = ""
) -> dict[str, Any]:
    """The package as plain data, a resource per file. Sources are named once, in the order of the tables."""
    sources = {source: None for table, _ in files for source in table.sources}
    about = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "version": version,
        "homepage": homepage,
        "sources": [
            {
                "title": f"{source.publisher}: {source.title}; {source.vintage}",
                **({"path": source.address} if source.address.startswith(_ADDRESSES) else {}),
                "citation": source.citation,
                "license": source.license,
                "release": source.release,
                "sha256": source.sha256,
                "is_sample": source.is_sample,
                **({"starter_set": source.starter_date.isoformat()} if source.starter_date else {}),
            }
            for source in sources
        ],
        "resources": [_resource(table, facts) for table, facts in files],
    }
    return {key: value for key, value in about.items() if value}


def _resource(table: Table, facts: FileFacts) -> dict[str, Any]:
    csv = facts.format == "csv"
    said = " ".join([table.description, *notes_of(table), *([_ESCAPE] if csv else [])]).strip()
    resource = {
        "name": table.name if csv else f"{table.name}-{facts.format}",
        "title": table.title,
        "description": said,
        "path": facts.path,
        "format": facts.format,
        "mediatype": facts.media_type,
        "bytes": facts.byte_count,
        "hash": f"sha256:{facts.sha256}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            **({"primaryKey": list(table.key)} if table.key else {}),
            "missingValues": [""],
        },
    }
    return {"profile": "tabular-data-resource", "encoding": "utf-8", **resource} if csv else resource


def _field(column: Column) -> dict[str, Any]:
    about = {
        "name": column.name,
        "type": column.type,
        "title": column.title,
        "description": column.description,
        "unit": column.unit,
    }
    return {key: value for key, value in about.items() if value}

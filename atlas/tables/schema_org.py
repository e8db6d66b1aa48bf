"""A table as a schema.org `Dataset`: what search engines for data read."""

from collections.abc import Iterable, Mapping
from typing import Any

from atlas.tables.declaration import Table
from atlas.tables.describe import notes_of


def describe_dataset(
    table: Table, downloads: Mapping[str, str], *, publisher: str, version: str = ""
) -> dict[str, Any]:
    """JSON-LD as plain data. `downloads`: absolute address -> media type. `publisher`: who runs the portal."""
    said = " ".join(filter(None, [f"{table.title}.", table.description, *notes_of(table)]))
    about = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": table.title,
        "description": said[:5000],
        "url": table.address,
        "version": version,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": publisher},
        "creator": [{"@type": "Organization", "name": name} for name in _each(s.publisher for s in table.sources)],
        "license": [{"@type": "CreativeWork", "name": words} for words in _each(s.license for s in table.sources)],
        "citation": list(_each(source.citation for source in table.sources)),
        "isBasedOn": [
            {"@type": "Dataset", "name": source.title, "url": source.address, "description": source.vintage}
            for source in table.sources
        ],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": column.name,
                "description": column.description or column.title,
                **({"unitText": column.unit} if column.unit else {}),
            }
            for column in table.columns
        ],
        "distribution": [
            {"@type": "DataDownload", "contentUrl": address, "encodingFormat": media}
            for address, media in downloads.items()
        ],
    }
    return {key: value for key, value in about.items() if value not in ("", [])}


def _each(words: Iterable[str]) -> dict[str, None]:
    """Once each, in order, without blanks."""
    return dict.fromkeys(filter(None, words))

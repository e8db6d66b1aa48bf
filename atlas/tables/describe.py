"""A declaration as plain data: columns, key, sources and notes, as JSON, Parquet and GeoJSON carry them."""

from dataclasses import asdict
from typing import Any

from atlas.tables.declaration import Table

SAMPLE = "synthetic sample data: generated for demonstration, not published figures"


def describe_table(table: Table) -> dict[str, Any]:
    """JSON-ready, without rows."""
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "address": table.address,
        "is_sample": table.is_sample,
        "key": list(table.key),
        "columns": [asdict(column) for column in table.columns],
        "sources": [asdict(source) for source in table.sources],
        "notes": notes_of(table),
    }


def notes_of(table: Table) -> list[str]:
    """What to know before use; that it is sample data comes first."""
    return [*([f"This is {SAMPLE}."] if table.is_sample else []), *table.notes]

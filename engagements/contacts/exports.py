"""Contacts as a table, in the columns an import reads again."""

from atlas.tables.declaration import Table
from engagements.base.tables.declare import columns_of
from engagements.contacts.import_rows import CONTACT_TABLE

EXPORTED = ("id", "version", "city", "name", "email", "phone", "title", "organisation", "note", "fictional")


def contacts_table(slug: str, address: str) -> Table:
    """`slug` and `address` of the engagement."""
    columns = columns_of(
        EXPORTED, {"id": "integer", "version": "integer", "fictional": "boolean"}, CONTACT_TABLE.columns
    )
    return Table(f"{slug}-contacts", "Contacts", columns, ("id",), address=address, sheet="Contacts")


def contact_cells(row, city: str) -> tuple[object, ...]:
    """A row of `queries.contacts` in the order of EXPORTED."""
    return (
        row.pk,
        row.version,
        city,
        row.name,
        row.email,
        row.phone,
        row.title,
        row.organisation,
        row.note,
        row.is_fictional,
    )

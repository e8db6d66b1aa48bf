"""Every kind of table that can be imported with a mapping."""

from engagements.base.table_import.mapped_views import MappedImport
from engagements.money.views.imports import IMPORTED as LEDGER

KINDS: dict[str, MappedImport] = {declared.of.subject: declared for declared in (LEDGER,)}

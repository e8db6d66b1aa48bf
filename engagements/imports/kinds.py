"""Every kind of table that can be imported with a mapping."""

from engagements.base.table_import.mapped_views import MappedImport
from engagements.contacts.import_views import IMPORTED as CONTACTS
from engagements.indicators.views.imports import IMPORTED as VALUES
from engagements.indicators.views.imports import INDICATORS
from engagements.milestones.views.import_export import IMPORTED as MILESTONES
from engagements.money.views.imports import IMPORTED as LEDGER

KINDS: dict[str, MappedImport] = {
    declared.of.subject: declared for declared in (MILESTONES, INDICATORS, VALUES, CONTACTS, LEDGER)
}

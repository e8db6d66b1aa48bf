"""Saved mappings and imports of tables: whoever may import a kind of table sees how and when that was done."""

from django.db.models import Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import TableImport, TableKind, TableMapping, User
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY, IMPORT

PERMISSION_OF = {
    TableKind.LEDGER: EDIT_MONEY,
    TableKind.MILESTONES: IMPORT,
    TableKind.INDICATORS: EDIT_INDICATOR,
    TableKind.VALUES: EDIT_INDICATOR,
    TableKind.CONTACTS: IMPORT,
}


def _may_import(user: User) -> Q:
    """Rows with an engagement and a kind, of kinds that this person may import there."""
    found = Q()
    for permission in sorted(set(PERMISSION_OF.values())):
        kinds = [kind.value for kind, needed in PERMISSION_OF.items() if needed == permission]
        found |= in_engagements_with(user, permission) & Q(kind__in=kinds)
    return found


def visible_mappings(user: User) -> QuerySet[TableMapping]:
    return TableMapping.objects.filter(_may_import(user), archived_at=None)


def mapping_for(user: User, pk: int) -> TableMapping:
    """Raises NotFound."""
    return first_or_not_found(visible_mappings(user).filter(pk=pk).select_related("engagement"))


def visible_imports(user: User) -> QuerySet[TableImport]:
    return TableImport.objects.filter(_may_import(user))


def import_for(user: User, pk: int) -> TableImport:
    """Raises NotFound."""
    rows = visible_imports(user).filter(pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative", "by"))

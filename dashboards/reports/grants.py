"""Grants of an initiative in the columns of the 360Giving Data Standard."""

import hashlib

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from atlas.tables.declaration import Column, ColumnType, Table
from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.portfolio.queries.grants import Grant, Grants, grants
from engagements.portfolio.queries.portfolio import readable_initiative, shows_fictional

_TYPES: dict[str, ColumnType] = {"Amount Awarded": "number", "Award Date": "date", "Last modified": "datetime"}
HEADER = (
    "Identifier",
    "Title",
    "Description",
    "Currency",
    "Amount Awarded",
    "Award Date",
    "Recipient Org:Identifier",
    "Recipient Org:Name",
    "Funding Org:Identifier",
    "Funding Org:Name",
    "Grant Program:Code",
    "Grant Program:Title",
    "Beneficiary Location:Name",
    "Beneficiary Location:Country Code",
    "Beneficiary Location:Geographic Code",
    "Beneficiary Location:Geographic Code Type",
    "Last modified",
    "Data Source",
)
COLUMNS = tuple(
    Column(name, _TYPES.get(name, "string"), name, "usd" if name == "Amount Awarded" else "") for name in HEADER
)
STANDARD = "Columns of the 360Giving Data Standard. Amounts, not estimates: they have no margin of error."
INVENTED = "Fictional demonstration"


@require_safe
@signed_in
@takes_parameters("kind")
def table(request: SignedInRequest, slug: str, extension: str = "csv") -> HttpResponse:
    """Recorded grants; with `?kind=fictional` invented ones, for those who are shown any, said to be so in each row."""
    within = readable_initiative(request.user, slug)
    is_fictional = request.GET.get("kind") == "fictional" and shows_fictional(request.user)
    found = grants_file(grants(request.user, within, is_fictional=is_fictional))
    return table_response(request, found, extension, found.table.name)


def grants_file(found: Grants) -> TableFile:
    name = f"{found.initiative_slug[:80]}-{'fictional-' if found.is_fictional else ''}grants"
    address = f"{settings.PORTAL_URL.rstrip('/')}/portfolio/{found.initiative_slug}/"
    title = f"{INVENTED}: grants" if found.is_fictional else "Grants"
    declared = Table(name, title, COLUMNS, ("Identifier",), address=address, notes=(STANDARD,))
    return TableFile(declared, build_frame(declared, grant_rows(found)))


def grant_rows(found: Grants) -> list[tuple]:
    return [_row(found, grant) for grant in found.rows]


def _row(found: Grants, grant: Grant) -> tuple:
    prefix = f"FICTIONAL-{settings.GRANT_ID_PREFIX}" if found.is_fictional else settings.GRANT_ID_PREFIX
    title = f"{grant.city}: {found.initiative}"
    said = f"{grant.project or 'Work'} in {grant.city}"
    return (
        f"{prefix}-{grant.pk}",
        f"{INVENTED}: {title}" if found.is_fictional else title,
        f"{INVENTED}: {said}" if found.is_fictional else said,
        "USD",
        grant.amount_usd,
        grant.awarded_on,
        f"{prefix}-ORG:{grant.recipient_slug or _payee_key(grant.recipient)}",
        grant.recipient,
        f"{prefix}-ORG:{grant.funder_slug}",
        grant.funder,
        found.initiative_slug,
        found.initiative,
        f"{grant.city}, {grant.state}",
        "US",
        grant.place_geoid,
        "US Census place",
        grant.modified_at.replace(microsecond=0),
        f"{settings.PORTAL_URL.rstrip('/')}/portfolio/{found.initiative_slug}/",
    )


def _payee_key(name: str) -> str:
    """The same name has the same key; the portal knows of a payee nothing but the name."""
    return f"payee-{hashlib.sha256(' '.join(name.lower().split()).encode()).hexdigest()[:12]}"

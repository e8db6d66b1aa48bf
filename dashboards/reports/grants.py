"""Grants of an initiative as a 360Giving CSV."""

import hashlib
from datetime import UTC

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from engagements.base.tables.writers import write_csv
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.portfolio.queries.grants import Grant, Grants, grants
from engagements.portfolio.queries.portfolio import readable_initiative, shows_fictional

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
    "Grant Programme:Code",
    "Grant Programme:Title",
    "Beneficiary Location:Name",
    "Beneficiary Location:Country Code",
    "Beneficiary Location:Geographic Code",
    "Beneficiary Location:Geographic Code Type",
    "Last modified",
    "Data Source",
)
INVENTED = "Fictional demonstration"


@require_safe
@signed_in
@takes_parameters("kind")
def csv(request: SignedInRequest, slug: str) -> HttpResponse:
    """Recorded grants; with `?kind=fictional` invented ones, for those who are shown any, said to be so in each row."""
    within = readable_initiative(request.user, slug)
    is_fictional = request.GET.get("kind") == "fictional" and shows_fictional(request.user)
    content = write_csv(HEADER, grant_rows(grants(request.user, within, is_fictional=is_fictional)))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{slug[:80]}-{'fictional-' if is_fictional else ''}grants.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
        f"{grant.amount_usd:.2f}",
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
        grant.modified_at.astimezone(UTC).isoformat(timespec="seconds"),
        f"{settings.PORTAL_URL.rstrip('/')}/portfolio/{found.initiative_slug}/",
    )


def _payee_key(name: str) -> str:
    """The same name has the same key; the portal knows of a payee nothing but the name."""
    return f"payee-{hashlib.sha256(' '.join(name.lower().split()).encode()).hexdigest()[:12]}"

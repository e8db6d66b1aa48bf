"""Whose files may be passed on, and where that is said. Who is not listed is left out. Pure."""

from dataclasses import dataclass

from atlas.sources import base


@dataclass(frozen=True)
class Permission:
    """`license` as shown beside the data; `basis` is where the publisher says it."""

    license: str
    basis: str


_PUBLIC_DOMAIN = Permission(
    base.CENSUS_PUBLIC_DOMAIN, "works of the US government have no copyright in the US (17 U.S.C. 105)"
)
_PERMISSIONS = {
    "US Census Bureau": _PUBLIC_DOMAIN,
    "Community Development Financial Institutions Fund, US Department of the Treasury": _PUBLIC_DOMAIN,
    base.OPPORTUNITY_INSIGHTS: Permission(
        base.ATLAS_LICENCE,
        "the methodology of the Opportunity Atlas: freely available for public use with attribution",
    ),
    "Opportunity Insights": Permission(
        "Free for anyone to use with attribution: cite the paper and https://tracktherecovery.org",
        "README of the source's repository, github.com/OpportunityInsights/EconomicTracker",
    ),
    "Urban Institute": Permission(
        "Open Data Commons Attribution License 1.0 (ODC-BY)",
        "the license the Urban Institute Data Catalog gives in its citations; the catalog page of these files could "
        "not be opened when the set was made",
    ),
}
UNCLEAR = "its terms for passing the file on were not found; load it yourself from the source"


def find_permission(publisher: str) -> Permission | None:
    return _PERMISSIONS.get(publisher)

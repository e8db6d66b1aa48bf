"""Cities, neighborhoods and GEOIDs by what somebody typed."""

import re
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from atlas.models import City, CityTract, Tract
from atlas.queries.one_tract import sample_is_live
from atlas.queries.vintages import tracts_of_2010
from atlas.sources.us_outline import county_names
from atlas.statistics.overlay import MIN_SHARE

MAX_RESULTS = 40
MIN_QUERY_LENGTH = 2


@dataclass(frozen=True)
class TractMatch:
    """A tract of 2010 that fits; `city` is the slug and name of the city it belongs to, None outside every city."""

    geoid: str
    name: str
    county_name: str
    city: tuple[str, str] | None


@dataclass(frozen=True)
class SearchResults:
    """`more` tracts fit beyond those listed; `vintage_note` explains a GEOID of 2020, `zip_note` five digits."""

    query: str
    cities: tuple[tuple[str, str, str], ...]  # slug, name, state
    tracts: tuple[TractMatch, ...]
    more: bool
    vintage_note: str = ""
    zip_note: str = ""


def search(text: str) -> SearchResults:
    """Cities by name, tracts by neighborhood name or the beginning of their GEOID; tracts of cities first."""
    query = " ".join(text.split())[:100]
    if len(query) < MIN_QUERY_LENGTH:
        return SearchResults(query, (), (), False)
    digits = re.sub(r"[\s-]", "", query).removeprefix("1400000US")
    fit: Case | Value
    cities: tuple[tuple[str, str, str], ...] = ()
    if digits.isdigit():
        if len(digits) == 10:
            digits = f"0{digits}"  # a spreadsheet ate the leading zero
        fits, fit = Q(geoid__startswith=digits), Value(0)
    else:
        fits, fit = Q(name__icontains=query), _match_rank(query)
        cities = tuple(
            City.objects.filter(Q(name__icontains=query) | Q(state_name__icontains=query))
            .order_by(_match_rank(query), "name")
            .values_list("slug", "name", "state_name")[:MAX_RESULTS]
        )
    found = _matching_tracts(fits, fit)
    note = _explain_2020(digits) if digits.isdigit() and len(digits) == 11 and not found else ""
    return SearchResults(
        query,
        cities,
        tuple(found[:MAX_RESULTS]),
        len(found) > MAX_RESULTS,
        note,
        _explain_zip(digits) if len(found) != 1 else "",
    )


def _match_rank(query: str) -> Case:
    """How a name fits: 0 with the words typed as whole words, 1 where a word begins with them, 2 within a word."""
    typed = re.escape(query)
    return Case(
        When(name__iregex=rf"\m{typed}\M", then=Value(0)),
        When(name__iregex=rf"\m{typed}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _explain_zip(digits: str) -> str:
    """What five digits mean here: a ZIP code to who typed them, a state and a county to the search."""
    if not re.fullmatch(r"[0-9]{5}", digits):
        return ""
    said = "ZIP codes are not searched; tract codes begin with state and county."
    county = county_names().get(digits)
    return f"{said} {digits} is {county}." if county else f"{said} No county has the code {digits}."


def _matching_tracts(fits: Q, fit: Case | Value) -> list[TractMatch]:
    """One more than are listed, so that "more" is known; the nearest names first, within them those of cities, then by
    name. Two queries.
    """
    inside = CityTract.objects.filter(geoid=OuterRef("geoid"), vintage=2010, belongs=True, share__gte=MIN_SHARE)
    rows = Tract.objects.filter(fits, vintage=2010)
    if not sample_is_live():
        rows = rows.filter(is_sample=False)
    first = Case(When(Exists(inside), then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(rows.order_by(fit, first, "name", "geoid").values_list("geoid", "name")[: MAX_RESULTS + 1])
    homes = {
        geoid: (slug, name)
        for geoid, slug, name in CityTract.objects.filter(
            geoid__in=[geoid for geoid, _ in found], vintage=2010, belongs=True
        ).values_list("geoid", "city__slug", "city__name")
    }
    counties = county_names()
    return [
        TractMatch(geoid, name, counties.get(geoid[:5], f"county {geoid[:5]}"), homes.get(geoid))
        for geoid, name in found
    ]


def _explain_2020(geoid: str) -> str:
    """Words for a GEOID that is not of 2010: which tracts it became of, or what is needed to know."""
    pairs = tracts_of_2010(geoid)
    if pairs is None:
        return (
            f"{geoid} is not a tract of 2010. If it is one of 2020, the Census relationship file would tell which "
            "tracts of 2010 it covers; it has not been imported here."
        )
    if not pairs:
        return f"{geoid} is a tract of neither 2010 nor 2020 in the lists imported here."
    parts = ", ".join(f"{old} ({share * 100:.0f}% of its land)" for old, share in pairs[:6])
    return f"{geoid} is a tract of 2020. The Atlas uses tracts of 2010; it lies in {parts}."

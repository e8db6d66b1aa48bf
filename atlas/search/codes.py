"""Tracts by GEOID or the beginning of one, by number, and what a code means that is no tract of 2010."""

from dataclasses import dataclass

from atlas.models import Tract
from atlas.queries.one_tract import sample_is_live
from atlas.queries.vintages import tracts_of_2010
from atlas.search.homes import Home, homes_of
from atlas.sources.us_outline import county_names

MOST_TRACTS = 40


@dataclass(frozen=True)
class TractMatch:
    geoid: str
    name: str  # as the Atlas has it
    home: Home | None


@dataclass(frozen=True)
class CodeMatches:
    """`note` says what the digits mean, "" where there is nothing to say."""

    tracts: tuple[TractMatch, ...] = ()
    more: bool = False
    note: str = ""


def find_codes(code: str) -> CodeMatches:
    """Tracts of 2010 whose GEOID begins with `code`; those of the portal's cities first."""
    found, more = _tracts({"geoid__startswith": code}) if 2 <= len(code) <= 11 else ((), False)
    note = ""
    if len(code) == 11 and not found:
        note = explain_2020(code)
    elif len(code) == 5 and (county := county_names().get(code)):
        note = f"As a county code, {code} is {county}."
    return CodeMatches(found, more, note)


def find_numbers(tract: str) -> CodeMatches:
    """Tracts of 2010 in the portal's cities with a number, such as "522200" for tract 5222."""
    found, more = _tracts({"geoid__endswith": tract})
    return CodeMatches(tuple(one for one in found if one.home is not None), more)


def find_exact(geoid: str) -> TractMatch | None:
    """One tract of the 2010 list, None when nobody knows it."""
    found, _ = _tracts({"geoid": geoid})
    return found[0] if found else None


def find_listed(geoids: tuple[str, ...]) -> tuple[TractMatch, ...]:
    """Those of the 2010 list, in the order given."""
    rows = Tract.objects.filter(vintage=2010, geoid__in=geoids)
    if not sample_is_live():
        rows = rows.filter(is_sample=False)
    names = dict(rows.values_list("geoid", "name"))
    homes = homes_of(names)
    return tuple(TractMatch(geoid, names[geoid], homes.get(geoid)) for geoid in geoids if geoid in names)


def _tracts(fits: dict[str, str]) -> tuple[tuple[TractMatch, ...], bool]:
    rows = Tract.objects.filter(vintage=2010, **fits)
    if not sample_is_live():
        rows = rows.filter(is_sample=False)
    found = list(rows.order_by("geoid").values_list("geoid", "name")[:2000])
    homes = homes_of(geoid for geoid, _ in found)
    found.sort(key=lambda row: row[0] not in homes)
    matches = tuple(TractMatch(geoid, name, homes.get(geoid)) for geoid, name in found[:MOST_TRACTS])
    return matches, len(found) > MOST_TRACTS


def explain_2020(geoid: str) -> str:
    """Words for a GEOID that is not of 2010: which tracts it became of, or what is needed to know."""
    pairs = tracts_of_2010(geoid)
    if pairs is None:
        return (
            f"{geoid} is not a census tract of 2010. If it is one of 2020, a Census file tells which tracts of 2010 "
            "it covers. That file has not been imported here."
        )
    if not pairs:
        return f"{geoid} is a census tract of neither 2010 nor 2020 in the lists imported here."
    parts = ", ".join(f"{old} ({share * 100:.0f}% of its land)" for old, share in pairs[:6])
    return f"{geoid} is a census tract of 2020. The Atlas uses tracts of 2010; it lies in {parts}."

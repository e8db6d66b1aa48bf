"""The jobs an intervention leads to: found by what was typed, and what they pay in the city's metropolitan area."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.models import City
from atlas.queries.wages import (
    every_occupation,
    find_occupations,
    known_codes,
    metro_wages,
    occupation_label,
    wages_are_live,
)
from atlas.records.wages import NO_FILE, NO_METRO, NOT_IN_METRO, MetroWages, OccupationPay
from engagements.limits import MOST_OCCUPATIONS
from engagements.plans.queries.inputs import Pairs
from engagements.plans.records import OccupationPaid

_CODE = re.compile(r"\b([0-9]{2}-[0-9]{4})\b", re.ASCII)


@dataclass(frozen=True)
class OccupationMatch:
    """`code` of what was typed; else `problem`, and labels that a person may have meant."""

    code: str | None
    problem: str = ""
    choices: tuple[str, ...] = ()


def match_occupation(text: str) -> OccupationMatch:
    """A code anywhere in the text, a whole title, or words that fit one occupation alone."""
    if found := _CODE.search(text):
        if known_codes([found[1]]):
            return OccupationMatch(found[1])
        return OccupationMatch(None, _("No occupation in the file of wages has this code."))
    wanted = " ".join(text.split()).casefold()
    exact = [row for row in every_occupation() if row.title.casefold() == wanted]
    fitting = [row for row in exact if row.group == "detailed"] or exact or list(find_occupations(text))
    if len(fitting) == 1:
        return OccupationMatch(fitting[0].code)
    if fitting:
        return OccupationMatch(None, _("Which of these do you mean?"), tuple(map(occupation_label, fitting)))
    return OccupationMatch(None, _("No occupation has these words in its title. Try one, such as “nursing”."))


def labels_of_occupations(codes: Sequence[str]) -> tuple[str, ...]:
    """As they are suggested; the code alone where no file has it any more."""
    titles = {row.code: occupation_label(row) for row in every_occupation()} if codes else {}
    return tuple(titles.get(code, code) for code in codes)


def check_occupations(codes: Sequence[str]) -> str:
    """What is wrong with a list of codes, "" for nothing. Codes that no file knows any more stay as they are."""
    if len(codes) > MOST_OCCUPATIONS:
        return _("Choose at most %(most)s occupations.") % {"most": MOST_OCCUPATIONS}
    if len(set(codes)) < len(codes):
        return _("An occupation is named twice.")
    if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
        return _("“%(code)s” is no code of an occupation, such as 31-1131.") % {"code": wrong[0][:20]}
    return ""


def occupations_paid(pairs: Pairs, city: City) -> tuple[OccupationPaid, ...]:
    """Of all interventions, in their order. No statement where none leads to a job."""
    if not any(row.occupations for row, _evidence in pairs):
        return ()
    found = metro_wages(city.name, city.state_usps)
    titles = {row.code: row.title for row in every_occupation()}
    return tuple(
        _paid(row.pk, code, titles.get(code, code), found) for row, _evidence in pairs for code in row.occupations
    )


def _paid(intervention: int, code: str, title: str, found: MetroWages | None) -> OccupationPaid:
    row = found.find(code) if found else None
    nation = found.find_in_nation(code) if found else None
    return OccupationPaid(
        intervention=intervention,
        code=code,
        title=row.title if row else title,
        metro=found.metro.code if found else "",
        metro_title=found.metro.title if found else "",
        month=found.month if found else None,
        annual_median=row.annual_median if row else None,
        hourly_median=row.hourly_median if row else None,
        annual_mean=row.annual_mean if row else None,
        mean_rse=row.mean_rse if row else None,
        us_annual_median=nation.annual_median if nation else None,
        employment=row.employment if row else None,
        employment_rse=row.employment_rse if row else None,
        reason=_reason(row, "annual_median", found),
        employment_reason=_reason(row, "employment", found),
        source=_source(found),
    )


def _reason(row: OccupationPay | None, name: str, found: MetroWages | None) -> str:
    if row is not None:
        return row.missing.get(name, "")
    if found is not None:
        return NOT_IN_METRO
    return NO_METRO if wages_are_live() else NO_FILE


def _source(found: MetroWages | None) -> str:
    if found is None:
        return ""
    return _("%(publisher)s, %(title)s, %(vintage)s; file version %(release)s") % {
        "publisher": found.source.publisher,
        "title": found.source.title,
        "vintage": found.source.vintage,
        "release": found.source.release_id,
    }

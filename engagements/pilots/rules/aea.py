"""A registration in the fields of the American Economic Association's RCT Registry, to be pasted or uploaded there.

Names of the fields are those of the registry's monthly table (Harvard Dataverse, "AEA RCT Registry metadata"), as read
in November 2026. What only the investigators know (names, emails, JEL codes) stays empty and is listed by `left_empty`.
"""

import csv
import io
import json
from datetime import date

from atlas.tables.formula_escape import escape_formula
from engagements.pilots.rules.readable import CAN_STOP, METHOD_WORDS, day_words, effect_words, outcome_words, readable
from engagements.pilots.rules.registration import DRAWN, DesignKind, Registration
from engagements.pilots.rules.sentences import design_words

FIELDS = (
    "Title",
    "Status",
    "Start date",
    "End date",
    "Keywords",
    "Country names",
    "Primary Investigator",
    "Other Primary Investigators",
    "Jel code",
    "Secondary IDs",
    "Abstract",
    "External Links",
    "Sponsors",
    "Partners",
    "Intervention start date",
    "Intervention end date",
    "Intervention",
    "Primary outcome end points",
    "Primary outcome explanation",
    "Secondary outcome end points",
    "Secondary outcome explanation",
    "Experimental design",
    "Experimental design details",
    "Randomization method",
    "Randomization unit",
    "Sample size number clusters",
    "Sample size number observations",
    "Sample size number arms",
    "Minimum effect size",
    "IRB",
    "Analysis Plan Documents",
)
_BY_HAND = ("Primary Investigator", "Other Primary Investigators", "Jel code", "Sponsors", "External Links")


def aea_fields(
    registration: Registration, *, today: date, fingerprint: str = "", minimum_detectable: str = ""
) -> dict[str, str]:
    """Every field of FIELDS, in that order; "" where only the investigators know.

    `minimum_detectable`: the sentence of the power calculation. `fingerprint`: of the locked version, as an id.
    """
    given = {
        "Title": registration.title,
        "Status": _status(registration, today),
        "Start date": _day(registration.starts_on),
        "End date": _day(registration.ends_on),
        "Keywords": "",
        "Country names": "United States of America",
        "Secondary IDs": f"sha256:{fingerprint}" if fingerprint else "",
        "Abstract": f"{registration.question} {registration.eligibility}".strip(),
        "Partners": ", ".join(registration.cities),
        "Intervention start date": _day(registration.starts_on),
        "Intervention end date": _day(registration.ends_on),
        "Intervention": " ".join(f"{arm.name}: {arm.gets}" for arm in registration.arms),
        "Primary outcome end points": registration.outcome.name,
        "Primary outcome explanation": outcome_words(registration.outcome),
        "Secondary outcome end points": "; ".join(one.name for one in registration.secondary),
        "Secondary outcome explanation": " ".join(outcome_words(one) for one in registration.secondary),
        "Experimental design": f"{design_words(registration)}. {METHOD_WORDS[registration.estimator]}",
        "Experimental design details": "\n".join(
            f"{heading}: {text}" for heading, text in readable(registration) if heading != CAN_STOP
        ),
        "Randomization method": _method(registration),
        "Randomization unit": registration.unit if registration.design in DRAWN else "",
        "Sample size number clusters": _clusters(registration),
        "Sample size number observations": _count(registration.assumptions.people, registration.people),
        "Sample size number arms": "; ".join(
            f"{arm.name}: {_share(registration, arm.weight)}" for arm in registration.arms
        ),
        "Minimum effect size": " ".join(
            part
            for part in (minimum_detectable, f"Smallest effect worth having: {effect_words(registration)}.")
            if part
        ),
        "IRB": _irb(registration),
        "Analysis Plan Documents": "registration.json" if fingerprint else "",
    }
    return {name: given.get(name, "") for name in FIELDS}


def left_empty(fields: dict[str, str]) -> tuple[str, ...]:
    """Fields that the investigators must fill in themselves."""
    return tuple(name for name in (*_BY_HAND, "Keywords") if not fields[name])


def aea_csv(fields: dict[str, str]) -> str:
    """One line under the registry's names. Text that a spreadsheet would run gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerow([escape_formula(text) for text in fields.values()])
    return out.getvalue()


def aea_json(fields: dict[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def _status(registration: Registration, today: date) -> str:
    """The registry's own words; "withdrawn" is said by people."""
    if registration.starts_on is None or today < registration.starts_on:
        return "in_development"
    return "completed" if registration.ends_on is not None and today > registration.ends_on else "on_going"


def _method(registration: Registration) -> str:
    if registration.design not in DRAWN:
        return "Not randomized"
    draw = registration.draw
    seed = draw.seed_from or "a seed that the portal draws after the list of units is locked"
    if draw.seed_from and draw.seed_on:
        seed += f" of {day_words(draw.seed_on)}"
    return f"By computer, in public code, from a fixed list of units; the seed is {seed}"


def _clusters(registration: Registration) -> str:
    if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED):
        return _count(registration.assumptions.clusters, f"groups ({registration.unit})")
    return _count(registration.assumptions.people, registration.people)


def _count(number: int | None, what: str) -> str:
    return f"{number:,} {what}" if number is not None else ""


def _share(registration: Registration, weight: int) -> str:
    total = sum(arm.weight for arm in registration.arms)
    people = registration.assumptions.people
    return f"about {people * weight // total:,} {registration.people}" if people else f"{weight} of {total} parts"


def _irb(registration: Registration) -> str:
    people = registration.human_subjects
    if people.determination is None:
        return ""
    return f"{people.body}, {_day(people.decided_on)}, {people.number} ({people.determination.replace('_', ' ')})"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""

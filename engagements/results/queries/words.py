"""The fields of a result in words: for a correction, a review, and the difference between two wordings."""

from datetime import date

from django.utils.translation import gettext as _

from atlas.formatting.dates import format_day
from engagements.results.records import RESULT_COLUMNS, Arm, ResultFields, Source
from engagements.reviews.rules.changes import ReviewedField
from engagements.verdicts import DESIGNS, VERDICTS, Design, Verdict

_SECTIONS = {
    "finding": ("finding", "outcome", "tried", "reported_by", "is_outside", "outside_reason", "verdict", "own_data"),
    "sources": ("sources", "conflict"),
    "context": (
        "reach_number",
        "reach_unit",
        "reach_words",
        "cost_usd",
        "cost_price_year",
        "cost_unit",
        "context",
        "what_happened_next",
    ),
}
_SECTION_OF = {name: section for section, names in _SECTIONS.items() for name in names}
_PROSE = {
    "finding",
    "tried",
    "against",
    "outside_reason",
    "own_data",
    "conflict",
    "reach_words",
    "context",
    "no_interval_reason",
    "authors_conclusion",
    "what_happened_next",
}


def result_content(fields: ResultFields) -> tuple[ReviewedField, ...]:
    """What a reviewer reads, section by section; what is empty is left out."""
    labels = field_labels()
    found = [
        ReviewedField(
            _SECTION_OF.get(name, "effect"),
            name,
            labels[name],
            value_words(getattr(fields, name), name),
            name in _PROSE,
        )
        for name in RESULT_COLUMNS
        if name != "project" and not _is_empty(getattr(fields, name))
    ]
    order = ("finding", "effect", "sources", "context")
    return tuple(sorted(found, key=lambda field: order.index(field.section)))


def _is_empty(value: object) -> bool:
    """Nothing, or a choice nobody made; an effect of 0 is something."""
    return value is None or value is False or value in ("", ())


def field_labels() -> dict[str, str]:
    return {
        "finding": _("Finding"),
        "outcome": _("Outcome"),
        "tried": _("What was tried"),
        "project": _("Project"),
        "is_outside": _("Outside the initiative"),
        "outside_reason": _("Why it is outside"),
        "design": _("Design"),
        "design_words": _("Design in words"),
        "sources": _("Sources"),
        "arms": _("Groups"),
        "wanted": _("Better is"),
        "scale": _("Scale"),
        "effect": _("Effect"),
        "low": _("Interval, lower end"),
        "high": _("Interval, upper end"),
        "level": _("Level of the interval"),
        "unit": _("Unit"),
        "size_in_words": _("Size in words"),
        "size_source": _("Source of the size"),
        "measured_from": _("Measured from"),
        "measured_to": _("Measured to"),
        "reported_precision": _("How exactly that date is known"),
        "no_interval_reason": _("Why there is no interval"),
        "reach_number": _("Reach"),
        "reach_unit": _("What is counted"),
        "reach_words": _("About the reach"),
        "context": _("Context"),
        "conflict": _("Where sources differ"),
        "cost_usd": _("Cost in dollars"),
        "cost_price_year": _("Dollars of"),
        "cost_unit": _("What the cost pays for"),
        "reported_by": _("Who reports it"),
        "reported_on": _("Reported on"),
        "authors_conclusion": _("What the source concludes"),
        "what_happened_next": _("What happened next"),
        "own_data": _("The portal’s own data"),
        "verdict": _("Our verdict"),
        "participants": _("Number in all groups"),
        "against": _("Against what"),
    }


def value_words(value: object, name: str) -> str:
    if value in (None, "", ()):
        return _("nothing")
    if isinstance(value, tuple):
        return "; ".join(_part(one) for one in value if isinstance(one, Source | Arm))
    if name == "design":
        return DESIGNS[Design(str(value))]
    if name == "verdict":
        return VERDICTS[Verdict(str(value))].label
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_day(value)
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _part(part: Source | Arm) -> str:
    """A source or a group, with everything that is filled in."""
    found = {name: value for name, value in vars(part).items() if name != "kind" and value not in (None, "")}
    return ", ".join(_("document %(number)s") % {"number": v} if n == "document" else str(v) for n, v in found.items())

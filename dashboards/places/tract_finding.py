"""What a tract's first screen says: one sentence with both comparisons, three numbers, and their limit."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from atlas.formatting.percentiles import format_percentile
from atlas.records.places import TractValue
from atlas.statistics.intervals import Z95
from dashboards.formatting.estimates import format_estimate, format_in_prose
from dashboards.formatting.sentences import with_dashes
from dashboards.formatting.shown_dollars import shown_dollars

ABOVE, BELOW, LEVEL, CLOSE = "above", "below", "level", "close"


@dataclass(frozen=True)
class Number:
    text: str
    label: str


@dataclass(frozen=True)
class TractFinding:
    """`numbers` are the tract's, its city's and the nation's, as far as there are any; `has_margin`: the first has a
    standard error."""

    sentence: str
    numbers: tuple[Number, ...]
    about: str  # what is measured, when and in which unit
    certainty: str
    has_margin: bool


def direction(value: TractValue, other: float | None) -> str:
    """Where a tract's value lies beside another: "close" within its 95% margin, "level" where both read the same."""
    if value.value is None or other is None:
        return ""
    if value.standard_error is not None and abs(value.value - other) <= Z95 * value.standard_error:
        return CLOSE
    if said(value.value, value.measure.unit) == said(other, value.measure.unit):
        return LEVEL
    return ABOVE if value.value > other else BELOW


def said(value: float | None, unit: str) -> str:
    """One number as this page writes it: "$28,128", "45th", "8.0%"."""
    return format_percentile(value) if unit == "rank" and value is not None else format_estimate(value, unit)


def is_headline(value: TractValue) -> bool:
    """Household income of everybody's children with parents at the 25th percentile, in dollars or ranks."""
    return value.measure.slug.startswith("kfr_pooled_pooled_p25")


def headline_of(values: tuple[TractValue, ...]) -> TractValue | None:
    """The outcome the page leads with; None where no outcome is live."""
    outcomes = [value for value in values if value.measure.group == "outcome"]
    return next((value for value in outcomes if is_headline(value)), outcomes[0] if outcomes else None)


def describe_tract(title: str, city: str, number: str, lead: TractValue | None) -> TractFinding:
    """`city`: "" for a tract outside every city; `number`: the Census's, such as "5214"."""
    if lead is None or lead.value is None:
        sentence = _("No income is published for children from {place}: too few grew up there.").format(place=title)
        if lead is None:
            sentence = _("No estimates for {place} have been imported here.").format(place=title)
        return TractFinding(sentence, _others(city, lead), _about(lead), "", False)
    where = title + ("," if "," in title else "")
    place = _("{place}, census tract {number}").format(place=title, number=number)
    own = place if number not in title else _("census tract {number}").format(number=number)
    numbers = (Number(format_in_prose(lead.value, lead.measure.unit).removeprefix("the "), own), *_others(city, lead))
    return TractFinding(
        _sentence(where, city, lead), numbers, _about(lead), _certainty(lead), lead.standard_error is not None
    )


def _sentence(where: str, city: str, lead: TractValue) -> str:
    here = format_in_prose(lead.value, lead.measure.unit)
    if is_headline(lead) and lead.measure.unit.startswith("usd"):
        start = _("Low-income children from {place} reached about {income} a year").format(place=where, income=here)
    elif is_headline(lead):
        start = _("Low-income children from {place} reached {rank} of income").format(place=where, rank=here)
    else:
        start = _("{measure} of children from {place}: {value}").format(
            measure=with_dashes(lead.measure.label), place=where, value=here
        )
    comparison = _comparison(
        city, direction(lead, lead.city_middle if city else None), direction(lead, lead.national_middle)
    )
    return f"{start}: {comparison}." if comparison else f"{start}."


def _comparison(city: str, beside_city: str, beside_us: str) -> str:
    words = {
        ABOVE: _("above {what}"),
        BELOW: _("below {what}"),
        LEVEL: _("level with {what}"),
        CLOSE: _("too close to call beside {what}"),
    }
    own = _("{city} typical neighborhood").format(city=possessive(city)) if city else ""
    if beside_city and beside_city == beside_us:
        both = _("both {city} typical neighborhood and the US one").format(city=possessive(city))
        return words[beside_city].format(what=both)
    parts = [words[beside_city].format(what=own)] if beside_city else []
    if beside_us:
        nation = _("the US one") if parts else _("the typical US neighborhood")
        parts.append(words[beside_us].format(what=nation))
    return ", ".join(parts)


def possessive(name: str) -> str:
    """Detroit’s, New Orleans’."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _others(city: str, lead: TractValue | None) -> tuple[Number, ...]:
    if lead is None:
        return ()
    found = []
    if city and lead.city_middle is not None:
        text = format_in_prose(lead.city_middle, lead.measure.unit).removeprefix("the ")
        found.append(Number(text, _("{city} typical neighborhood").format(city=possessive(city))))
    if lead.national_middle is not None:
        text = format_in_prose(lead.national_middle, lead.measure.unit).removeprefix("the ")
        found.append(Number(text, _("typical US neighborhood")))
    return tuple(found)


def _about(lead: TractValue | None) -> str:
    if lead is None:
        return ""
    if is_headline(lead) and lead.measure.unit.startswith("usd"):
        return _("Yearly household income at ages 31–37, in 2014 and 2015, in {price_year}.").format(
            price_year=shown_dollars().words
        )
    return f"{with_dashes(lead.measure.label)}, {with_dashes(lead.measure.population)}."


def _certainty(lead: TractValue) -> str:
    if lead.standard_error is None or lead.value is None:
        return _("The file loaded here has no margin of error: small differences may be chance.")
    unit = lead.measure.unit
    low, high = (said(lead.value + sign * Z95 * lead.standard_error, unit) for sign in (-1, 1))
    return _("Likely range {low} to {high} (95%).").format(low=low, high=high)

"""A row of the library in a reader's words: the effect with its interval, whom it counts, and what it does not say."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars, format_whole_dollars
from atlas.formatting.percentiles import format_percentile
from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.evidence.records import CHOICES, LISTS, NOT_ITS_ESTIMAND, YES_OR_NO, EvidenceFields, label
from engagements.reviews.rules.changes import ReviewedField

# (heading, ((column, label, hint, rows of a long text or 0), …)): the parts of the form, in the order people think.
PARTS: tuple[tuple[str, tuple[tuple[str, str, str, int], ...]], ...] = (
    (
        "What was tried, and what was found",
        (
            ("intervention", "Intervention", "What was tried, in words anyone would use.", 0),
            ("outcome", "Outcome", "What was measured.", 0),
            ("outcome_family", "Outcome area", "", 0),
            ("summary", "In a sentence or two", "For a mayor: who, what, how sure.", 3),
            ("finding", "Finding", "No clear difference and a worse outcome belong here as much as a better one.", 0),
            ("tier", "Kind of study", "", 0),
            ("gaps", "Needs it answers", "What a city may be short of that this outcome is about.", 0),
        ),
    ),
    (
        "The effect",
        (
            ("effect", "Effect", "A number only if someone read it in the source.", 0),
            ("unit", "Unit of the effect", "With the price year where it is money: dollars of 2012 a year.", 0),
            ("se", "Standard error", "In the same unit.", 0),
            ("se_origin", "Where the standard error comes from", "", 0),
            ("p_value", "p-value", "Exact, or the threshold below which it lies: 0.012, or 0.05 for “p < .05”.", 0),
            (
                "se_bound",
                "Standard error, at most",
                "Where only a threshold of p is printed: effect / z. Readers see it; no plan uses it.",
                0,
            ),
            ("ci_low", "95% interval, lower end", "As published. Leave it empty if only the standard error is.", 0),
            ("ci_high", "95% interval, upper end", "", 0),
            ("effect_words", "In the source’s words", "What it says beside one number, or instead of it.", 2),
            ("conflict", "Where sources differ", "What another source, or another version, says.", 2),
            ("estimand", "Whom the effect counts", "Leave it open if the source does not say.", 0),
            ("study_takeup", "Share who take part in the study", "Share of those offered, 0 to 1.", 0),
            ("outcome_age", "Age at the outcome", "", 0),
            ("duration", "After how long", "", 0),
            ("fadeout", "Does it last?", "", 2),
        ),
    ),
    (
        "Who, where and when",
        (
            ("population", "Who took part", "", 2),
            ("setting", "Place and years", "", 0),
            ("sample_size", "People in the study", "", 0),
            ("tried_in", "Tried in these cities", "", 0),
            ("moves_children", "It moves children to another neighborhood", "", 0),
        ),
    ),
    (
        "What it costs",
        (
            ("cost_usd", "Cost", "Dollars for each person or family.", 0),
            ("cost_price_year", "Price year", "Of which year’s dollars.", 0),
            ("cost_words", "The cost in words", "What it covers, or that none is known.", 2),
            ("mvpf", "MVPF", "Dollars of benefit for each dollar of net public cost.", 0),
            ("mvpf_low", "MVPF, lower end", "", 0),
            ("mvpf_high", "MVPF, upper end", "", 0),
            ("mvpf_words", "How it was calculated", "", 2),
        ),
    ),
    (
        "How we know",
        (
            ("source", "Source", "Publication, year, and where it was read.", 3),
            ("is_verified", "Someone read the numbers in the source or a copy of it", "", 0),
            ("verified_on", "Read on", "", 0),
            ("verification_note", "What was read, and what was not", "", 2),
        ),
    ),
)

Z95 = 1.959964
NO_NUMBER = "No estimate"
# What is put behind a number, by how its unit begins; any other unit is written after the number.
_SUFFIXES = (("percentage points", " points"), ("percent", "%"), ("per cent", "%"), ("standard deviations", " SD"))


@dataclass(frozen=True)
class Interval:
    """A 95% interval in the effect's unit; `how` says where it comes from."""

    low: float
    high: float
    how: str


def interval(row: EvidenceFields) -> Interval | None:
    """As published, else effect ± 1.96 standard errors; None where the source gives neither."""
    if row.effect is None:
        return None
    if row.ci_low is not None and row.ci_high is not None:
        return Interval(row.ci_low, row.ci_high, "as published")
    if row.se is None:
        return None
    half = Z95 * row.se
    how = f"effect ± 1.96 standard errors{f', computed from p = {row.p_value:g}' if is_from_p(row) else ''}"
    return Interval(row.effect - half, row.effect + half, how)


def is_from_p(row: EvidenceFields) -> bool:
    """Whether its range rests on a standard error that the source does not print (see `rules.error_from_p`)."""
    return row.se is not None and row.ci_low is None and row.se_origin == "from_p"


def standard_error(row: EvidenceFields) -> str:
    """The standard error with where it comes from, its bound, or that there is none. "" without an effect."""
    if row.effect is None:
        return ""
    if row.se is not None:
        if row.se_origin == "from_p":
            came = f"computed from the exact p = {row.p_value:g}, not printed by the source"
        else:
            came = "printed by the source" if row.se_origin else "where it comes from is not recorded"
        return f"{amount(row.se, row.unit, signed=False)}, {came}"
    if row.se_bound is not None:
        return (
            f"At most {amount(row.se_bound, row.unit, signed=False)}: the source says only p < {row.p_value:g}. "
            "This is a bound, and no plan calculates with it"
        )
    return "The source gives an interval and no standard error" if interval(row) else "Not recorded"


def amount(value: float, unit: str, *, signed: bool = True) -> str:
    """In the unit's short form: +$3,477, −10.3 points, +26%, +0.23 SD, +0.058."""
    return f"{_bare(value, unit, signed)}{_suffix(unit)}"


def _bare(value: float, unit: str, signed: bool = True, digits: int = 3) -> str:
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return (
        f"{sign}{format_whole_dollars(abs(value))}"
        if unit.startswith("dollars")
        else f"{sign}{_plain(abs(value), digits)}"
    )


def _suffix(unit: str) -> str:
    return next((words for begins, words in _SUFFIXES if unit.startswith(begins)), "")


def _plain(value: float, digits: int = 3) -> str:
    """No digits that say nothing: 5.2, 10.3, 0.058. `digits` behind the point at most, below 1."""
    if value >= 1000:
        return f"{value:,.0f}"
    text = f"{value:.{1 if value >= 10 else 2 if value >= 1 or (digits < 3 and value >= 0.1) else 3}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def effect(row: EvidenceFields) -> str:
    """The number, or the source's words in its place."""
    if row.effect is not None:
        return amount(row.effect, row.unit)
    return row.effect_words or NO_NUMBER


def uncertainty(row: EvidenceFields) -> str:
    """The interval with its standard error, or why there is none. "" where there is no effect in numbers."""
    if row.effect is None:
        return ""
    found = interval(row)
    if found is None:
        bound = f"; standard error at most {amount(row.se_bound, row.unit, signed=False)}" if row.se_bound else ""
        return f"Margin of error not recorded{bound}"
    low, high = (_bare(end, row.unit, digits=2) for end in (found.low, found.high))
    ends = f"{join_ends(low, high)}{_suffix(row.unit)}"
    error = f", standard error {amount(row.se, row.unit, signed=False)}" if row.se is not None else ""
    return f"95% interval {ends} ({found.how}{error})"


def likely_range(row: EvidenceFields) -> str:
    """The 95% range alone, or that there is none: "+$698 to +$6,256". "" where there is no effect in numbers."""
    if row.effect is None:
        return ""
    found = interval(row)
    if found is None:
        return f"only p < {_p(row.p_value)}" if row.se_bound is not None else "likely range not recorded"
    low, high = (_bare(end, row.unit, digits=2) for end in (found.low, found.high))
    return f"{join_ends(low, high)}{_suffix(row.unit)}{' *' if is_from_p(row) else ''}"


def _p(value: float | None) -> str:
    """0.01 as journals print it: .01."""
    return f"{value:g}".removeprefix("0")


def why_not_planned(row: EvidenceFields) -> str:
    """Why no plan can calculate a range with it; "" where one can. The first reason in the order a reader can mend."""
    if not row.is_verified:
        return "Not checked against its source"
    if row.effect is None:
        return "No effect in numbers"
    if row.unit.startswith(("per cent", "percent of")):
        return "Relative change only"
    if not row.estimand:
        return "Does not say whom it counts"
    if row.se_bound is not None:
        return f"Only “p < {_p(row.p_value)}”"
    if interval(row) is None:
        return "No margin recorded"
    return ""


def takeup(row: EvidenceFields) -> str:
    if row.study_takeup is None:
        return "Not known"
    return f"{row.study_takeup * 100:.3g}% of those offered took it up"


def cost(row: EvidenceFields) -> str:
    """Dollars with their year, then what they cover."""
    if row.cost_usd is None:
        return row.cost_words or "Not known"
    said = f"{format_whole_dollars(row.cost_usd)} in dollars of {row.cost_price_year}"
    return f"{said}. {row.cost_words}" if row.cost_words else said


def cost_each(row: EvidenceFields) -> str:
    """For one person or family, without its year: "$28,290"; "" where no number is known."""
    return "" if row.cost_usd is None else format_whole_dollars(row.cost_usd)


def mvpf(row: EvidenceFields) -> str:
    """Dollars of benefit for each dollar of net public cost, with the interval where one was published."""
    if row.mvpf is None:
        return row.mvpf_words
    said = f"{row.mvpf:g}"
    if row.mvpf_low is not None and row.mvpf_high is not None:
        said += f" (95% interval {row.mvpf_low:g} to {row.mvpf_high:g})"
    return f"{said}. {row.mvpf_words}" if row.mvpf_words else said


def list_caveats(row: EvidenceFields) -> tuple[str, ...]:
    """What nobody may read into the row, most important first."""
    said = []
    if not row.is_verified:
        said.append("Nobody has checked it against its source yet, so it holds no figure.")
    if row.outcome_family != "mobility_move":
        said.append("It says nothing about income ranks of children who grew up in a place: it is another outcome.")
    if row.tier != "rct":
        said.append(
            "People were not assigned by chance, so part of the difference may have another cause."
            if row.tier == "quasi"
            else "There is nobody to compare with, so it does not say what made the difference."
        )
    if row.finding == "null":
        said.append("That no difference was found does not show that there is none; a small study can miss one.")
    if row.effect is not None:
        said.append(NOT_ITS_ESTIMAND[row.estimand])
        if interval(row) is None:
            said.append("Without a standard error nothing says how far off the figure may be.")
        if is_from_p(row):
            said.append("Its range was computed from p, as if the test were a normal one; the source prints none.")
    elif row.finding != "no_estimate":
        said.append("It holds no number, so no plan can calculate with it.")
    if row.setting:
        said.append(f"It was found there and then ({row.setting}); elsewhere the effect may be another one, or none.")
    if not row.tried_in:
        said.append("As far as this library knows it was not tried in any of the portal’s cities.")
    return tuple(said)


def reading(value: float, unit: str) -> str:
    """A number of a city in the unit of its measure or metric, as prose: the 34th percentile, 35.2%, $10,240."""
    if unit == "rank":
        return f"the {format_percentile(value)} percentile"
    if unit == "share":
        return format_percent(value)
    if unit.startswith("usd"):
        return format_whole_dollars(value)
    words = {
        "per_household": "homes for each household",
        "per_100000": "for each 100,000",
        "grades_a_year": "grades a year",
    }.get(unit, "")
    return f"{_plain(value)} {words}".strip()


def format_field(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name in CHOICES:
        return label(CHOICES[name], str(value))
    if name in LISTS:
        codes = cast(tuple[str, ...], value)
        return ", ".join(GAP_BY_CODE[code].label if code in GAP_BY_CODE else code for code in codes)
    if name in YES_OR_NO:
        return "yes" if value else "no"
    if name == "cost_usd" and isinstance(value, float):
        return format_dollars(value)
    if isinstance(value, float) and abs(value) < 1e6:
        return f"{value:g}"
    return format_day(value) if isinstance(value, date) else str(value)


def evidence_content(fields: EvidenceFields) -> tuple[ReviewedField, ...]:
    """A row as a reviewer reads it, in the order of its form."""
    return tuple(
        ReviewedField("", name, label_, format_field(name, getattr(fields, name)), rows > 0)
        for _heading, parts in PARTS
        for name, label_, _hint, rows in parts
    )

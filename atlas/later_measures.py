"""Measures of the publisher's newer county tables: trends between births of 1978 and 1992, and credit in 2020. Pure.

Slugs are `trend_{stem}_{race}_{gender}_{stat}_{1978|1992}` and `trend_change_...` (tables 1 and 2), `born_..._{year}`
(tables 3 and 4, one birth year each), and `credit_{what}_{race}_pooled_{stat}`. None has a standard error. Definitions:
Opportunity Insights, Changing Opportunity (2024): incomes at age 27; credit: births of 1978-85, measured in 2020.
"""

import re
from dataclasses import dataclass

TREND, BORN, CREDIT = "trend_", "born_", "credit_"
PREFIXES = (TREND, BORN, CREDIT)
FIRST_BIRTHS, LAST_BIRTHS = 1978, 1992
AGE_NOTE = (
    "Measured at age 27, so it is never compared with the Opportunity Atlas’s ages 31–37. The file loaded here has "
    "no margin of error."
)
SHRUNKEN_NOTE = (
    "The source has already drawn these values toward the average (“shrunk”), so nothing here shrinks them again. "
    "The file loaded here has no margin of error."
)
# Stem of a column: (label, unit). Any other stem waits for its codebook: shown under its own name, unit not confirmed.
STEMS = {
    "kfr": ("Household income percentile at age 27", "rank"),
    "kir": ("Personal income percentile at age 27", "rank"),
    "fpw": ("Share of parents working", "share"),
}
# (label, unit); "" where the publisher's files have not been seen and a range must tell share from percent.
CREDIT_OUTCOMES = {
    "score": ("Credit score in 2020", "points"),
    "delinquency": ("Delinquency rate in 2020", ""),
    "delinquency_given_income": ("Delinquency in 2020 beyond what income predicts", ""),
    "auto_loan": ("Auto loan balance in 2020", "usd_2020"),
    "credit_card": ("Credit card balance in 2020", "usd_2020"),
    "mortgage": ("Mortgage balance in 2020", "usd_2020"),
    "student_loan": ("Student loan balance in 2020", "usd_2020"),
}
_WHO = r"(?P<race>pooled|white|black|hisp|asian|natam|other)_(?P<gender>pooled|female|male)"
_STAT = r"(?P<stat>p(?:1|10|25|50|75|100)|mean)"
_PATTERNS = (
    re.compile(rf"^(?P<kind>trend_change)_(?P<stem>.+?)_{_WHO}_{_STAT}$"),
    re.compile(rf"^(?P<kind>trend|born)_(?P<stem>.+?)_{_WHO}_{_STAT}_(?P<births>\d{{4}})$"),
    re.compile(rf"^(?P<kind>born_count)_(?P<stem>all|low)_{_WHO}_(?P<births>\d{{4}})$"),
    re.compile(rf"^(?P<kind>credit)_(?P<stem>.+?)_{_WHO}_{_STAT}$"),
)


@dataclass(frozen=True)
class LaterMeasure:
    """A slug taken apart. `births` is 0 for a change and for credit."""

    kind: str  # "trend", "trend_change", "born", "born_count" or "credit"
    stem: str
    race: str
    gender: str
    stat: str
    births: int

    @property
    def label(self) -> str:
        if self.kind == "credit":
            return CREDIT_OUTCOMES.get(self.stem, (self.stem, ""))[0]
        if self.kind == "born_count":
            return "Children" if self.stem == "all" else "Children of parents below the national median"
        label = STEMS.get(self.stem, (f"“{self.stem}”", ""))[0]
        return f"{label}, change between births of 1978 and 1992" if self.kind == "trend_change" else label

    @property
    def unit(self) -> str:
        """ "" where no codebook has been seen."""
        if self.kind == "born_count":
            return "children"
        return (CREDIT_OUTCOMES if self.kind == "credit" else STEMS).get(self.stem, ("", ""))[1]

    @property
    def unit_subject(self) -> str:
        """What an operator confirms the unit of."""
        if self.unit:
            return ""
        return self.label if self.kind == "credit" else f"{self.stem} (births 1978-92)"

    @property
    def born(self) -> str:
        if self.kind == "credit":
            return "born 1978–85"
        return f"born {self.births}" if self.births else f"born {FIRST_BIRTHS} and {LAST_BIRTHS}"

    @property
    def note(self) -> str:
        return SHRUNKEN_NOTE if self.kind == "credit" else AGE_NOTE


def parse(slug: str) -> LaterMeasure | None:
    """A slug of this grammar taken apart, None for any other.

    >>> parse("trend_kfr_black_pooled_p25_1992").births
    1992
    """
    if not slug.startswith(PREFIXES):
        return None
    for pattern in _PATTERNS:
        if match := pattern.match(slug):
            found = match.groupdict()
            births = int(found.get("births") or 0)
            return LaterMeasure(
                found["kind"], found["stem"], found["race"], found["gender"], found.get("stat") or "", births
            )
    return None

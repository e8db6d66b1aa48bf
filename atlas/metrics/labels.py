"""What is said of one metric of the places around people: its label, unit and direction. Pure."""

from dataclasses import dataclass

HIGHER, LOWER, NEITHER = "higher is better", "lower is better", "neither"
DIRECTIONS = frozenset({HIGHER, LOWER, NEITHER})

UNITS = {
    "share": "share of the group named, 0-1",
    "per_household": "homes for each household of that income",
    "usd": "dollars a year as published; the files do not say of which year's prices",
    "people": "people",
    "children": "children",
    "students": "students",
    "per_100000": "per 100,000 people of the age concerned",
    "per_10000": "per 10,000 people",
    "grades_a_year": "grade levels gained in a school year",
    "percentile": "national percentile of neighborhoods, 0-100",
    "ratio": "ratio; 1 is an even mix",
    "difference": "difference of shares; 0 is none",
    "as_published": "the source's own scale, not stated in the file: compare places only",
    "change_since_january_2020": "change against January 4–31, 2020 as a fraction: -0.1 is 10% below",
    "change_since_early_2020": "change against January 6 to February 21, 2020 as a fraction: -0.1 is 10% below",
    "price_index": "price index; 1982-84 is 100",
    "claims": "claims in the week",
    "claims_per_100": "claims in the week per 100 people of the 2019 labor force",
    "code": "a code, not a quantity",
    "yes_no": "1 yes, 0 no",
}

# The same where a page writes the numbers as people read them, with their % sign.
DISPLAY_UNITS = UNITS | {
    "share": "share of the group named",
    "change_since_january_2020": "change against January 4–31, 2020",
    "change_since_early_2020": "change against January 6 to February 21, 2020",
}


class UnknownMetric(KeyError):
    """No source publishes a metric of this name."""


@dataclass(frozen=True)
class MetricDefinition:
    """One metric in words. `slug` is the publisher's column name wherever that says enough."""

    slug: str
    label: str  # sentence case
    unit: str  # a key of UNITS
    direction: str  # one of DIRECTIONS; "neither" where more is not plainly better or worse
    description: str
    source_page: str
    family: str  # "upward_mobility", "economic_tracker", "social_capital", "opportunity_zones" or "consumer_prices"

    @property
    def unit_words(self) -> str:
        return UNITS[self.unit]

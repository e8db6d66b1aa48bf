"""Value columns of the Opportunity Atlas site's downloads, read by their grammar. Pure.

Outcomes are `{label}_r{race}_g{gender}_p{percentile}`, characteristics `{label}_in_{years}` or `{label}_{years}`. A
label is the publisher's words, or in county downloads a short stem such as `kfr`. A known outcome or characteristic
under another of its labels is the known measure; every other label becomes a measure of its own
(`atlas.shown_labels`).
"""

import re
from dataclasses import dataclass

from atlas import measures, shown_labels

RACES = {
    "P": "pooled",
    "W": "white",
    "B": "black",
    "H": "hisp",
    "A": "asian",
    "N": "natam",
    "NA": "natam",
    "O": "other",
}
GENDERS = {"P": "pooled", "F": "female", "M": "male"}
_OUTCOME = re.compile(
    r"^(?P<label>.+)_r(?P<race>P|W|B|H|A|NA|N|O)_g(?P<gender>[PFM])_p(?P<percentile>1|10|25|50|75|100|all)"
    r"(?P<suffix>_[A-Za-z0-9_.%]+)?$"
)
# Labels of outcomes that are the codebook's, in `_plain` form.
_KNOWN_OUTCOMES = {
    "household_income": "kfr",
    "individual_income": "kir",
    "fraction_in_top_20%_based_on_household_income": "kfr_top20",
    "fraction_in_top_20%_based_on_individual_income": "kir_top20",
    "incarceration_rate": "jail",
    "employment_rate": "working",
    "teenage_birth_rate": "teenbrth",
    "%_staying_in_same_commuting_zone_as_adults": "staycz",
    "%_staying_in_same_tract_as_adults": "staytract",
}
_KNOWN_CHARACTERISTICS = {
    "fraction_non-white_2010": "nonwhite_share2010",
    "poverty_rate_2012-16": "poor_share2016",
    "fraction_single_parents_2012-16": "singleparent_share2016",
    "median_rent_2012-16": "median_rent2016",
}
DOLLARS = frozenset({"kfr", "kir"})  # what the site shows in dollars of 2015, the files in ranks
_SAME_AGE = re.compile(
    r"_(?:at_)?age_35\b|_\(?women_only\)?$"
)  # said in some labels of the same outcome, not in others
_LONG_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})[-–](?:19|20)(\d{2})$")
_MOST_SUFFIX = 40


@dataclass(frozen=True)
class ShownColumn:
    """What a column's name says. `stem` names it in a data set's key; `suffix` is "" for a value itself."""

    name: str
    stem: str
    outcome: str = ""  # the codebook's name of a known outcome, "" otherwise
    race: str = ""
    gender: str = ""
    percentile: str = ""
    suffix: str = ""
    label: str = ""  # the publisher's words

    @property
    def stat(self) -> str:
        return "" if not self.percentile else "mean" if self.percentile == "all" else f"p{self.percentile}"

    @property
    def is_characteristic(self) -> bool:
        return not self.percentile

    @property
    def key(self) -> str:
        """How a data set of the column alone is named, after its prefix."""
        if self.is_characteristic:
            return self.stem
        letters = {words: letter for letter, words in reversed(RACES.items())}
        genders = {words: letter for letter, words in GENDERS.items()}
        return f"{self.stem}_r{letters[self.race]}_g{genders[self.gender]}_p{self.percentile}"

    def slug(self, highest: float | None = None) -> str:
        """The measure. `highest` value of the column tells dollars from ranks where a label or stem is of both."""
        if self.is_characteristic:
            known = self.stem in measures.CHARACTERISTICS
            return self.stem if known else shown_labels.PREFIX + self.stem
        who = f"{self.race}_{self.gender}_{self.stat}"
        if not self.outcome:
            return f"{shown_labels.PREFIX}{self.stem}_{who}"
        in_ranks = highest is not None and highest <= 1.5
        return f"{self.outcome}_{who}{'' if self.outcome not in DOLLARS or in_ranks else '_usd_2015'}"


def parse_column(name: str) -> ShownColumn | None:
    """A column of the grammar, None for any other.

    >>> parse_column("Employment_Rate_at_Age_35_rP_gF_pall").slug()
    'working_pooled_female_mean'
    """
    if match := _OUTCOME.match(name):
        label, suffix = match["label"], match["suffix"] or ""
        if len(suffix) > _MOST_SUFFIX:
            return None
        outcome = _known_outcome(label, match["gender"])
        return ShownColumn(
            name,
            outcome or shown_labels.encode(label),
            outcome,
            RACES[match["race"]],
            GENDERS[match["gender"]],
            match["percentile"],
            suffix,
            label,
        )
    if known := _KNOWN_CHARACTERISTICS.get(_plain(name).replace("_in_", "_")):
        return ShownColumn(name, known, label=name)
    slug = shown_labels.characteristic_slug(name)
    return ShownColumn(name, slug.removeprefix(shown_labels.PREFIX), label=name) if slug else None


def parse_key(key: str) -> ShownColumn | None:
    """The column that a data set's key names, after its prefix; None for any other text."""
    if key in measures.CHARACTERISTICS:
        return ShownColumn(key, key)
    match = _OUTCOME.match(key)
    if match and not match["suffix"]:
        known = match["label"] if match["label"] in measures.OUTCOMES else ""
        return ShownColumn(
            key, match["label"], known, RACES[match["race"]], GENDERS[match["gender"]], match["percentile"]
        )
    return ShownColumn(key, key) if shown_labels.parse(shown_labels.PREFIX + key) else None


def _known_outcome(label: str, gender: str) -> str:
    found = label if label in measures.OUTCOMES else _KNOWN_OUTCOMES.get(_plain(label), "")
    return "" if found == "teenbrth" and gender != "F" else found


def _plain(label: str) -> str:
    """A label without what differs between spellings of the same: case, "Frac.", age 35, four digits of a last year."""
    plain = _SAME_AGE.sub("", label.lower().replace("frac._", "fraction_"))
    return _LONG_YEARS.sub(r"\1-\2", plain)

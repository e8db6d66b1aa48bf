"""Columns of the Urban Institute's files: which bounds and which quality column belong to which metric.

Said one by one, because the publisher names some quality columns after another stem.
"""

from dataclasses import dataclass

_OWN = (
    "share_debt_coll",
    "share_election_turnout",
    "share_poverty_exposure",
    "count_membership_associations_per_10k",
    "ratio_high_low_ses_fb_friends",
    "index_air_hazard",
    "share_transit_commuter",
    "share_transportation_cost",
    "rate_crime_violent",
    "rate_crime_property",
    "rate_juv_arrest",
    "share_in_preschool",
    "rate_learning",
    "share_hs_degree",
    "share_digital_access",
    "share_employed",
    "meps20_black",
    "meps20_hispanic",
    "meps20_white",
    "share_desc_rep_other",
    "share_desc_rep_black_nonhispanic",
    "share_desc_rep_hispanic",
    "share_desc_rep_white_nonhispanic",
    "share_black_nh_exposure",
    "share_hispanic_exposure",
    "share_other_nh_exposure",
    "share_white_nh_exposure",
    "share_affordable_30_ami",
    "share_affordable_50_ami",
    "share_affordable_80_ami",
    "share_affordable_available_30_ami",
    "share_affordable_available_50_ami",
    "share_affordable_available_80_ami",
)

# Metric: its quality columns, the first that is in the file counts.
QUALITY: dict[str, tuple[str, ...]] = {name: (f"{name}_quality",) for name in _OWN} | {
    "pctl_income_20": ("pctl_income_20_quality", "pctl_20_quality"),
    "pctl_income_50": ("pctl_income_50_quality", "pctl_50_quality"),
    "pctl_income_80": ("pctl_income_80_quality", "pctl_80_quality"),
    "count_homeless": ("count_homeless_quality", "homeless_quality"),
    "share_homeless": ("share_homeless_quality", "homeless_quality"),
    "population": (),
}
# "0.303:0.557" is two shares: of home value and of households. Their column of quality, by the pair's column.
PAIRS = {
    f"ratio_{code}_house_value_households": f"ratio_{code}_house_value_households_quality"
    for code in ("black_nh", "hispanic", "other_nh", "white_nh")
}
PAIR_ENDS = ("_value", "_households")
# The number speaks of the whole place and is repeated on the rows of its groups.
METRICS_OF_ALL_RESIDENTS = frozenset({"population"})
# Columns left out on purpose, with the reason.
IGNORED_COLUMNS = {
    "pctl_income_quality": "the grade of the three percentiles together; each has its own",
    "state_name": "a name, the code is stored",
}

# A grade is a word or a number, as a spreadsheet may have written it.
GRADES = {
    "1": "Strong",
    "2": "Marginal",
    "3": "Weak",
    "1.0": "Strong",
    "2.0": "Marginal",
    "3.0": "Weak",
    "strong": "Strong",
    "marginal": "Marginal",
    "weak": "Weak",
    "na": "",
    "": "",
}


@dataclass(frozen=True)
class FileVariant:
    """One of the publisher's files: `needs` and `lacks` are the columns that tell it from the others."""

    key: str  # behind "upward_mobility_{place|county}"
    title: str
    needs: frozenset[str]
    lacks: frozenset[str] = frozenset()
    priority: int = 45
    kinds: frozenset[str] = frozenset()  # `subgroup_type` of its groups; a file of other groups is another file


FILE_VARIANTS = (
    FileVariant(
        "", "all residents", frozenset({"share_poverty_exposure", "count_membership_associations_per_10k"}), priority=40
    ),
    FileVariant(
        "_race_ethnicity",
        "by race and ethnicity",
        frozenset({"subgroup", "pctl_20_quality", "homeless_quality"}),
        frozenset({"share_poverty_exposure"}),
        kinds=frozenset({"race-ethnicity"}),
    ),
    FileVariant(
        "_income",
        "by income",
        frozenset({"subgroup", "rate_learning", "share_digital_access"}),
        frozenset({"share_poverty_exposure", "pctl_20_quality"}),
        kinds=frozenset({"income"}),
    ),
    FileVariant(
        "_race_share",
        "by the make-up of neighborhoods",
        frozenset({"subgroup", "share_transit_commuter", "index_air_hazard"}),
        frozenset({"share_poverty_exposure", "share_digital_access"}),
        kinds=frozenset({"race-ethnicity"}),
    ),
)

"""Mobility Metrics of the Urban Institute: predictors of mobility, not mobility itself.

Definitions follow the publisher's repository and framework report (second edition).
"""

from atlas.metrics.labels import HIGHER, LOWER, NEITHER, MetricDefinition

PAGE = "https://upward-mobility.urban.org/measuring-upward-mobility-counties-and-cities-across-us"
GROUPS = {
    "black_nh": "Black, non-Hispanic",
    "hispanic": "Hispanic",
    "other_nh": "other, non-Hispanic",
    "white_nh": "white, non-Hispanic",
}
_CRIME = "Reported by the police agencies of the place; agencies that did not report lower it"

# slug: (label, unit, direction, description)
_ROWS = {
    "population": ("Population", "people", NEITHER, "Residents, as published beside the metrics"),
    "pctl_income_20": ("Household income, 20th percentile", "usd", HIGHER, "A fifth of households have less"),
    "pctl_income_50": ("Household income, median", "usd", HIGHER, "Half of the households have less"),
    "pctl_income_80": ("Household income, 80th percentile", "usd", HIGHER, "Four fifths of households have less"),
    "share_debt_coll": ("Debt in collections", "share", LOWER, "People with a credit record who have such debt"),
    "count_homeless": (
        "Students experiencing homelessness",
        "students",
        LOWER,
        "Public-school students homeless at some time in the school year; "
        "bounds come from suppressed counts and are no confidence interval",
    ),
    "share_homeless": (
        "Students experiencing homelessness, share",
        "share",
        LOWER,
        "Of public-school students in the school year",
    ),
    "share_election_turnout": ("Turnout in the presidential election", "share", HIGHER, "Of eligible voters"),
    "share_poverty_exposure": (
        "People in poverty who live in high-poverty tracts",
        "share",
        LOWER,
        "Of people in poverty, those in tracts with poverty above 40%",
    ),
    "count_membership_associations_per_10k": (
        "Membership associations",
        "per_10000",
        HIGHER,
        "Civic, social, religious and business associations",
    ),
    "ratio_high_low_ses_fb_friends": (
        "Friends of higher economic status",
        "ratio",
        HIGHER,
        "From the Social Capital Atlas",
    ),
    "index_air_hazard": ("Air quality index", "percentile", HIGHER, "Higher is less exposure to hazards in the air"),
    "share_transit_commuter": ("Commuters by public transport", "share", NEITHER, "Of workers who commute"),
    "share_transportation_cost": (
        "Transport cost as a share of income",
        "share",
        LOWER,
        "For a three-person single-parent family at half the median income of the region's renters",
    ),
    "rate_crime_violent": ("Violent crime", "per_100000", LOWER, _CRIME),
    "rate_crime_property": ("Property crime", "per_100000", LOWER, _CRIME),
    "rate_juv_arrest": (
        "Juvenile arrests",
        "per_100000",
        LOWER,
        "Arrests of people aged 10-17; the source notes that a zero may be a report that was not made",
    ),
    "share_in_preschool": ("Children in preschool", "share", HIGHER, "Of children aged 3 and 4"),
    "rate_learning": (
        "Learning rate",
        "grades_a_year",
        HIGHER,
        "Growth of test scores from grade 3 to grade 8; 1 is a grade a year",
    ),
    "share_hs_degree": ("High school degree", "share", HIGHER, "Of people aged 19 and 20"),
    "share_digital_access": ("Digital access", "share", HIGHER, "Households with a computer and broadband at home"),
    "share_employed": ("Employment at ages 25-54", "share", HIGHER, "Of people aged 25-54"),
}
for _code, _who in GROUPS.items():
    _ROWS |= {
        f"ratio_{_code}_house_value_households_value": (
            f"Share of home value: {_who} households",
            "share",
            NEITHER,
            "First part of the published pair: share of the value of owned homes; hold it against the share of "
            "households",
        ),
        f"ratio_{_code}_house_value_households_households": (
            f"Share of households: {_who}",
            "share",
            NEITHER,
            "Second part of the published pair: share of households",
        ),
    }
    _ROWS[f"share_{_code}_exposure"] = (
        f"Neighbors of another group: {_who}",
        "share",
        HIGHER,
        "Share of people of other groups in the tract of the average member of the group",
    )
for _code, _who in {
    "other": "other",
    "black_nonhispanic": GROUPS["black_nh"],
    "hispanic": "Hispanic",
    "white_nonhispanic": GROUPS["white_nh"],
}.items():
    _ROWS[f"share_desc_rep_{_code}"] = (
        f"Residents: {_who}",
        "share",
        NEITHER,
        "Share of residents, published to be held against the share of local officials, which the file lacks",
    )
for _code, _who in {"black": "Black", "hispanic": "Hispanic", "white": "white"}.items():
    _ROWS[f"meps20_{_code}"] = (
        f"{_who[:1].upper()}{_who[1:]} students in high-poverty schools",
        "share",
        LOWER,
        "Students of the group in schools with modeled poverty above 20%",
    )
for _income in (30, 50, 80):
    _ROWS |= {
        f"share_affordable_{_income}_ami": (
            f"Affordable homes at {_income}% of area median income",
            "per_household",
            HIGHER,
            "Homes affordable at that income for each household with no more than it",
        ),
        f"share_affordable_available_{_income}_ami": (
            f"Affordable and available homes at {_income}% of area median income",
            "per_household",
            HIGHER,
            "As affordable homes, without those that households of higher income live in",
        ),
    }

DEFINITIONS = tuple(
    MetricDefinition(slug, label, unit, direction, f"{text}.", PAGE, "upward_mobility")
    for slug, (label, unit, direction, text) in _ROWS.items()
)

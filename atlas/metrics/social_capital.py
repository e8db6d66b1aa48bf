"""Social Capital Atlas: friendships and civic life among Facebook users, by county and ZIP code.

Definitions follow Chetty, Jackson, Kuchler, Stroebel et al. (2022), Social capital I and II, Nature 608.
"SES" is the source's socioeconomic status, split at the national median of the birth cohort.
"""

from atlas.metrics.labels import HIGHER, LOWER, NEITHER, MetricDefinition

PAGE = "https://socialcapital.org/"
_LOW, _HIGH = "people of below-median SES", "people of above-median SES"
_TWICE = "Twice the share of friends with above-median SES among"
_TWICE_GROUP = "Twice the share of members with above-median SES in the groups of"

# slug: (label, unit, direction, description). The column adds _county or _zip.
_ROWS = {
    "ec": ("Economic connectedness", "ratio", HIGHER, f"{_TWICE} {_LOW}"),
    "ec_high": ("Economic connectedness of the better-off", "ratio", NEITHER, f"{_TWICE} {_HIGH}"),
    "child_ec": (
        "Economic connectedness in childhood",
        "ratio",
        HIGHER,
        "As economic connectedness, by parents' SES among friends from high school",
    ),
    "child_high_ec": (
        "Economic connectedness in childhood of the better-off",
        "ratio",
        NEITHER,
        "As economic connectedness in childhood, of those with above-median parents' SES",
    ),
    "ec_grp_mem": ("Economic connectedness within groups", "ratio", HIGHER, f"{_TWICE} {_LOW}, friends made in groups"),
    "ec_grp_mem_high": (
        "Economic connectedness within groups of the better-off",
        "ratio",
        NEITHER,
        f"{_TWICE} {_HIGH}, friends made in groups",
    ),
    "nbhd_ec": (
        "Economic connectedness in the neighborhood",
        "ratio",
        HIGHER,
        f"{_TWICE} {_LOW}, friends in the neighborhood",
    ),
    "nbhd_ec_high": (
        "Economic connectedness in the neighborhood of the better-off",
        "ratio",
        NEITHER,
        f"{_TWICE} {_HIGH}, friends in the neighborhood",
    ),
    "exposure_grp_mem": ("Exposure to the better-off in groups", "ratio", HIGHER, f"{_TWICE_GROUP} {_LOW}"),
    "exposure_grp_mem_high": (
        "Exposure of the better-off to the better-off in groups",
        "ratio",
        NEITHER,
        f"{_TWICE_GROUP} {_HIGH}",
    ),
    "child_exposure": (
        "Exposure to the better-off in childhood",
        "ratio",
        HIGHER,
        "Twice the share with above-median parents' SES in the high schools of those below it",
    ),
    "child_high_exposure": (
        "Exposure of better-off children to the better-off",
        "ratio",
        NEITHER,
        "Twice the share with above-median parents' SES in the high schools of those above it",
    ),
    "nbhd_exposure": (
        "Exposure to the better-off in the neighborhood",
        "ratio",
        HIGHER,
        f"Twice the share with above-median SES in the neighborhoods of {_LOW}",
    ),
    "bias_grp_mem": (
        "Friending bias within groups",
        "difference",
        LOWER,
        f"How much rarer friendships with the better-off are among {_LOW} than their exposure to them would give",
    ),
    "bias_grp_mem_high": (
        "Friending bias within groups of the better-off",
        "difference",
        NEITHER,
        f"As friending bias, among {_HIGH}; negative where they befriend each other more than exposure would give",
    ),
    "child_bias": (
        "Friending bias in high school",
        "difference",
        LOWER,
        "As friending bias, by parents' SES in high school",
    ),
    "child_high_bias": (
        "Friending bias in high school of the better-off",
        "difference",
        NEITHER,
        "As friending bias in high school, of those with above-median parents' SES",
    ),
    "nbhd_bias": (
        "Friending bias in the neighborhood",
        "difference",
        LOWER,
        f"As friending bias, among {_LOW} and neighbors",
    ),
    "nbhd_bias_high": (
        "Friending bias in the neighborhood of the better-off",
        "difference",
        NEITHER,
        f"As friending bias, among {_HIGH} and neighbors",
    ),
    "clustering": (
        "Clustering of friendships",
        "share",
        NEITHER,
        "Share of pairs of a person's friends who are friends too",
    ),
    "support_ratio": (
        "Friendships with a mutual friend",
        "share",
        NEITHER,
        "Share of friendships within the area whose two people have another friend in common there",
    ),
    "volunteering_rate": (
        "Membership in volunteering groups",
        "share",
        HIGHER,
        "Share of Facebook users in a group that is predicted to be about volunteering or activism",
    ),
    "civic_organizations": (
        "Civic organizations",
        "as_published",
        HIGHER,
        "Facebook pages predicted to be of civic organizations, relative to the users of the area",
    ),
    "num_below_p50": (
        "Children of parents below the national median",
        "children",
        NEITHER,
        "Children with parents' income below the national median, as published beside the social capital data",
    ),
    "pop2018": ("Population in 2018", "people", NEITHER, "Residents in 2018, as published beside the data"),
    "zip_county": (
        "County of the ZIP code",
        "code",
        NEITHER,
        "Five-digit county the source assigns the ZIP code to",
    ),
}

DEFINITIONS = tuple(
    MetricDefinition(slug, label, unit, direction, f"{text}.", PAGE, "social_capital")
    for slug, (label, unit, direction, text) in _ROWS.items()
)

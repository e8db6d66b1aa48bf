"""The publisher's grammar of measures, in words. Pure: no Django, no data.

A slug is `{outcome}_{race}_{gender}_{stat}` as in the Opportunity Atlas files (codebook of
tract_outcomes_early.csv), with `_usd_2015` behind it when the file gives dollars; a few
neighborhood characteristics keep the publisher's own column name.
"""

import re
from dataclasses import dataclass, replace

from atlas import later_measures, shown_labels
from atlas.later_measures import LaterMeasure
from atlas.shown_labels import ShownLabel

RACES = {
    "pooled": "all races",
    "white": "white",
    "black": "Black",
    "hisp": "Hispanic",
    "asian": "Asian",
    "natam": "American Indian and Alaska Native",
    "other": "other races",
}
GENDERS = {"pooled": "children", "female": "girls", "male": "boys"}

# slug: (label, unit). Definitions: publisher's codebook.
OUTCOMES = {
    "kfr": ("Household income percentile at ages 31–37", "rank"),
    "kir": ("Personal income percentile at ages 31–37", "rank"),
    "kfr_top20": ("Share reaching the top fifth of household income", "share"),
    "kir_top20": ("Share reaching the top fifth of personal income", "share"),
    "kfr_top01": ("Share reaching the top 1% of household income", "share"),
    "kir_top01": ("Share reaching the top 1% of personal income", "share"),
    "kfr_stycz": ("Household income percentile of those who stayed in their commuting zone", "rank"),
    "kir_stycz": ("Personal income percentile of those who stayed in their commuting zone", "rank"),
    "working": ("Share with work in 2015", "share"),
    "staycz": ("Share living in a childhood commuting zone as adults", "share"),
    "staytract": ("Share living in a childhood tract as adults", "share"),
    "stayhome": ("Share living at their parents' address in 2015", "share"),
    "lpov_nbh": ("Share living in a low-poverty neighborhood as adults", "share"),
    "married": ("Share married in 2015", "share"),
    "two_par": ("Share claimed by two parents in childhood", "share"),
    "has_dad": ("Share with a father present in childhood", "share"),
    "has_mom": ("Share with a mother present in childhood", "share"),
    "spouse_rk": ("Spouse's personal income percentile", "rank"),
    "par_rank": ("Parents' household income percentile", "rank"),
    "coll": ("Share with a four-year college degree", "share"),
    "comcoll": ("Share with a community college degree or more", "share"),
    "somecoll": ("Share with some college", "share"),
    "hs": ("Share who finished high school", "share"),
    "grad": ("Share with a graduate degree", "share"),
    "hours_wk": ("Hours worked a week", "hours"),
    "pos_hours": ("Share with any hours of work", "share"),
    "proginc": ("Share with public assistance income", "share"),
    "wgflx_rk": ("Hourly wage percentile", "rank"),
    "kfr_native": ("Household income percentile, parents born in the US", "rank"),
    "kir_native": ("Personal income percentile, parents born in the US", "rank"),
    "kfr_imm": ("Household income percentile, parents born abroad", "rank"),
    "kir_imm": ("Personal income percentile, parents born abroad", "rank"),
    "teenbrth": ("Share of women who had a child between 13 and 19", "share"),
    "jail": ("Share incarcerated on April 1, 2010", "share"),
}
for _age in (24, 26, 29, 32):
    if _age != 32:
        OUTCOMES[f"kfr_{_age}"] = (f"Household income percentile at age {_age}", "rank")
        OUTCOMES[f"kir_{_age}"] = (f"Personal income percentile at age {_age}", "rank")
    OUTCOMES[f"work_{_age}"] = (f"Share with work at age {_age}", "share")
    OUTCOMES[f"marr_{_age}"] = (f"Share married at age {_age}", "share")

# These open only when asked for: never a default, never in another measure's hover.
SENSITIVE_OUTCOMES = frozenset({"jail", "teenbrth"})

# Publisher's column: (label, unit, note)
CHARACTERISTICS = {
    "nonwhite_share2010": ("Residents of color, 2010", "share", ""),
    "poor_share2016": ("Poverty rate, 2012–16", "share", ""),
    "singleparent_share2016": ("Families with a single parent, 2012–16", "share", ""),
    "median_rent2016": (
        "Median gross rent, 2012–16",
        "usd_month_2016",
        "99 and 3,501 are the Census Bureau's bottom and top codes: at most $99, at least $3,501.",
    ),
    "hhinc_mean2000": ("Average household income, 2000", "usd_1999", "Census 2000 asked for income in 1999."),
    "mean_commutetime2000": ("Average commute, 2000", "minutes", ""),
    "frac_coll_plus2000": ("Adults with a bachelor's degree, 2000", "share", ""),
    "frac_coll_plus2010": ("Adults with a bachelor's degree, 2006–10", "share", ""),
    "foreign_share2010": ("Residents born abroad, 2006–10", "share", ""),
    "med_hhinc1990": ("Median household income, 1990", "usd_1989", ""),
    "med_hhinc2016": ("Median household income, 2012–16", "usd_2016", ""),
    "popdensity2000": ("Population density, 2000", "per_square_mile", ""),
    "popdensity2010": ("Population density, 2010", "per_square_mile", ""),
    "poor_share2010": ("Poverty rate, 2006–10", "share", ""),
    "poor_share2000": ("Poverty rate, 2000", "share", ""),
    "poor_share1990": ("Poverty rate, 1990", "share", ""),
    "share_white2010": ("White residents, 2010", "share", ""),
    "share_black2010": ("Black residents, 2010", "share", ""),
    "share_hisp2010": ("Hispanic residents, 2010", "share", ""),
    "share_asian2010": ("Asian residents, 2010", "share", ""),
    "share_white2000": ("White residents, 2000", "share", ""),
    "share_black2000": ("Black residents, 2000", "share", ""),
    "share_hisp2000": ("Hispanic residents, 2000", "share", ""),
    "share_asian2000": ("Asian residents, 2000", "share", ""),
    "gsmn_math_g3_2013": ("Third-grade mathematics, 2013", "grades", "District means spread over tracts by area."),
    "rent_twobed2015": ("Median rent of two bedrooms, 2011–15", "usd_month_2015", ""),
    "singleparent_share2010": ("Families with a single parent, 2006–10", "share", ""),
    "singleparent_share1990": ("Families with a single parent, 1990", "share", ""),
    "singleparent_share2000": ("Families with a single parent, 2000", "share", ""),
    "traveltime15_2010": ("Workers commuting under 15 minutes, 2006–10", "share", ""),
    "emp2000": ("Employment rate, 2000", "share", ""),
    "mail_return_rate2010": ("Census form return rate, 2010", "percent", ""),
    "ln_wage_growth_hs_grad": ("Wage growth of high-school graduates, 2005–09 to 2010–14", "log_points", ""),
    "jobs_total_5mi_2015": ("Jobs within five miles, 2015", "jobs", ""),
    "jobs_highpay_5mi_2015": ("Jobs above $3,333 a month within five miles, 2015", "jobs", ""),
    "ann_avg_job_growth_2004_2013": (
        "Yearly job growth, 2004–13",
        "share",
        "Not published in Massachusetts and the District of Columbia.",
    ),
    "job_density_2013": ("Jobs per square mile, 2013", "per_square_mile", ""),
}

_RACE = "|".join(RACES)
_GENDER = "|".join(GENDERS)
_OUTCOME_SLUG = re.compile(
    rf"^(?P<outcome>.+?)_(?P<race>{_RACE})_(?P<gender>{_GENDER})"
    r"_(?P<stat>p(?:1|10|25|50|75|100)|mean|n|blw_p50_n)(?P<usd>_usd_2015)?$"
)
_NATIONAL_SLUG = re.compile(rf"^(?P<outcome>.+?)_(?P<race>{_RACE})_(?P<gender>{_GENDER})$")
_COUNT_SLUG = re.compile(rf"^(?P<race>{_RACE})_(?P<gender>{_GENDER})_count$")
_SHARE_SLUG = re.compile(rf"^(?P<stem>frac_below_median|frac_years_xw)_(?P<race>{_RACE})_(?P<gender>{_GENDER})$")


def group_suffix(race: str, gender: str) -> str:
    """ ", Black girls" behind a label; nothing for everybody."""
    if race == "pooled" and gender == "pooled":
        return ""
    return f", {GENDERS[gender] if race == 'pooled' else f'{RACES[race]} {GENDERS[gender]}'}"


_PREFIXES_WITHOUT_UNIT = (shown_labels.PREFIX, *later_measures.PREFIXES)
NO_UNIT = "number" + shown_labels.UNCONFIRMED
UNITS_ZERO_TO_ONE = frozenset({"rank", "share"})
BIRTHS = "born 1978–83"
LATE_BIRTHS = "born 1984–89"
LATE = "_late"  # behind slugs of the late file, whose header is the early one's


class UnknownMeasure(ValueError):
    """The name fits no pattern of the publisher's files."""


@dataclass(frozen=True)
class MeasureDefinition:
    """A measure in words. `group` is outcome, characteristic or count; units as in records.MeasureRecord."""

    slug: str
    label: str
    unit: str
    group: str
    population: str
    note: str = ""
    outcome: str = ""
    race: str = ""
    gender: str = ""
    stat: str = ""
    sensitive_as: str = ""  # a key of SENSITIVE_OUTCOMES where it may only be shown when asked for
    unit_subject: str = ""  # what an operator confirms the unit of; "" where the codebook gives the unit


def describe_population(race: str, gender: str, stat: str) -> str:
    """Who a number is about: 'Black girls of parents at the 25th income percentile, born 1978–83'."""
    who = GENDERS[gender] if race == "pooled" else f"{RACES[race]} {GENDERS[gender]}"
    if stat.startswith("p") and stat[1:].isdigit():
        ordinal = {"1": "1st"}.get(stat[1:], f"{stat[1:]}th")
        return f"{who} of parents at the {ordinal} income percentile, {BIRTHS}"
    return f"all {who}, {BIRTHS}"


def describe(slug: str) -> MeasureDefinition:
    """Words and unit of a measure. Raises UnknownMeasure for a name outside the grammar.

    >>> describe("kfr_pooled_pooled_p25").unit
    'rank'
    """
    if slug.endswith(LATE):
        early = _describe(slug.removesuffix(LATE))
        return replace(
            early,
            slug=slug,
            label=f"{early.label.replace(' at ages 31–37', '')}, {LATE_BIRTHS}",
            population=early.population.replace(BIRTHS, LATE_BIRTHS),
            note=f"{early.note} Taken at younger ages than for people {BIRTHS}: the two are never compared.".strip(),
        )
    return _describe(slug)


def _describe(slug: str) -> MeasureDefinition:
    if (shown := shown_labels.parse(slug)) is not None:
        return _describe_shown(slug, shown)
    if (later := later_measures.parse(slug)) is not None:
        return _describe_later(slug, later)
    if slug in CHARACTERISTICS:
        label, unit, note = CHARACTERISTICS[slug]
        return MeasureDefinition(slug, label, unit, "characteristic", "all residents of the tract", note)
    if match := _COUNT_SLUG.match(slug):
        race, gender = match["race"], match["gender"]
        who = describe_population(race, gender, "count").removeprefix("all ")
        return MeasureDefinition(
            slug,
            f"Children below the national median: {RACES[race]}, {GENDERS[gender]}",
            "children",
            "count",
            f"{who}, of parents below the national median income",
            race=race,
            gender=gender,
            stat="count",
        )
    if match := _SHARE_SLUG.match(slug):
        race, gender = match["race"], match["gender"]
        stem = {
            "frac_below_median": "Share of children of parents below the national median",
            "frac_years_xw": "Average share of childhood spent in the tract",
        }[match["stem"]]
        return MeasureDefinition(
            slug, stem, "share", "count", describe_population(race, gender, "mean"), race=race, gender=gender
        )
    if (match := _NATIONAL_SLUG.match(slug)) and match["outcome"] in OUTCOMES:
        label, unit = OUTCOMES[match["outcome"]]
        race, gender = match["race"], match["gender"]
        label += group_suffix(race, gender) + " by parents' percentile"
        return MeasureDefinition(
            slug, label, unit, "outcome", describe_population(race, gender, ""), "", match["outcome"], race, gender
        )
    if not (match := _OUTCOME_SLUG.match(slug)):
        raise UnknownMeasure(f"'{slug}' is not a measure of the source's grammar.")
    outcome, race, gender, stat = match["outcome"], match["race"], match["gender"], match["stat"]
    if outcome == "kid" and stat in ("n", "blw_p50_n"):
        label = {"n": "Children under 18 in 2000", "blw_p50_n": "Children below the national median"}[stat]
        label += group_suffix(race, gender)
        who = GENDERS[gender] if race == "pooled" else f"{RACES[race]} {GENDERS[gender]}"
        return MeasureDefinition(
            slug, label, "children", "count", f"{who} under 18 in Census 2000", "", outcome, race, gender, stat
        )
    if outcome not in OUTCOMES:
        raise UnknownMeasure(f"'{slug}' is not a measure of the source's grammar.")
    label, unit = OUTCOMES[outcome]
    group = group_suffix(race, gender) if outcome != "teenbrth" else group_suffix(race, "pooled")
    if stat == "n":
        return MeasureDefinition(
            slug,
            f"Children behind: {label.lower()}{group}",
            "children",
            "count",
            describe_population(race, gender, stat),
            "",
            outcome,
            race,
            gender,
            stat,
        )
    if match["usd"]:
        label = {"kfr": "Household income at ages 31–37", "kir": "Personal income at ages 31–37"}.get(outcome, label)
        unit = "usd_2015"
    return MeasureDefinition(
        slug,
        label + group,
        unit,
        "outcome",
        describe_population(race, gender, stat),
        "",
        outcome,
        race,
        gender,
        stat,
        outcome if outcome in SENSITIVE_OUTCOMES else "",
    )


def _describe_later(slug: str, later: LaterMeasure) -> MeasureDefinition:
    """A measure of the publisher's newer county tables; of an unknown stem the unit is an operator's to confirm."""
    who = describe_population(later.race, later.gender, later.stat).replace(BIRTHS, later.born)
    return MeasureDefinition(
        slug,
        later.label + group_suffix(later.race, later.gender),
        later.unit or NO_UNIT,
        "count" if later.kind == "born_count" else "outcome",
        who,
        later.note,
        f"{later.kind}_{later.stem}",
        later.race,
        later.gender,
        later.stat,
        "",
        later.unit_subject,
    )


def _describe_shown(slug: str, shown: ShownLabel) -> MeasureDefinition:
    """A column of the site's downloads under the publisher's own words; its unit is an operator's to confirm."""
    note = "Named after the label of the source’s download, which does not define it."
    if not shown.race:
        population = "all residents of the tract"
        return MeasureDefinition(
            slug, shown.label, NO_UNIT, "characteristic", population, note, unit_subject=shown.label
        )
    population = describe_population(shown.race, shown.gender, shown.stat).removesuffix(f", {BIRTHS}")
    return MeasureDefinition(
        slug,
        shown.label + group_suffix(shown.race, shown.gender),
        NO_UNIT,
        "outcome",
        f"{population}; the download does not say of which birth years",
        note,
        f"{shown_labels.PREFIX}{shown.code}",
        shown.race,
        shown.gender,
        shown.stat,
        shown.sensitive_as,
        shown.label,
    )


def may_lack_unit(slug: str) -> bool:
    """Whether a measure's unit may be an operator's to confirm; quick, for thousands of names."""
    return slug.startswith(_PREFIXES_WITHOUT_UNIT)


def is_measure(slug: str) -> bool:
    """Whether a column's name is in the publisher's grammar."""
    try:
        describe(slug)
    except UnknownMeasure:
        return False
    return True


def is_outcome(slug: str) -> bool:
    """Whether a column is an outcome of children; False too for columns outside the grammar, such as zones."""
    return is_measure(slug) and describe(slug).group == "outcome"


def count_slugs(slug: str) -> tuple[str, ...]:
    """Columns that weigh an outcome, best first (publisher's "preferred population weighting variable").

    The simple files call it `{race}_{gender}_count`, the full ones `kid_{race}_{gender}_blw_p50_n`.
    """
    stem, late = (slug.removesuffix(LATE), LATE) if slug.endswith(LATE) else (slug, "")
    if not (match := _OUTCOME_SLUG.match(stem)):
        return ()
    who = f"{match['race']}_{match['gender']}"
    return (f"{who}_count{late}", f"kid_{who}_blw_p50_n{late}")


def is_sensitive(slug: str) -> bool:
    return bool(describe(slug).sensitive_as)

"""Column names of the publisher's files, in file order, from their grammar.

Grammar and order: codebook of the Opportunity Atlas (Opportunity Insights and US Census Bureau).
"""

SIMPLE_IDS = ("state", "county", "tract", "cz", "czname")
COUNTY_IDS = ("state", "county", "cz", "czname")
CZ_IDS = ("cz", "czname")


def _pairs(outcome: str, race: str, gender: str) -> tuple[str, str]:
    name = f"{outcome}_{race}_{gender}_p25"
    return name, f"{name}_se"


def simple_values() -> tuple[str, ...]:
    """The 60 value columns of every *_outcomes_simple.csv: 48 estimates and SEs, 12 counts."""
    races = ("black", "hisp", "white")
    names: list[str] = [*_pairs("kfr", "pooled", "pooled"), *_pairs("jail", "pooled", "pooled"), "pooled_pooled_count"]
    for outcome in ("kfr", "jail"):
        for race in races:
            names += _pairs(outcome, race, "pooled")
    names += ["white_pooled_count", "black_pooled_count", "hisp_pooled_count"]
    for outcome in ("kfr", "jail"):
        for gender in ("female", "male"):
            names += _pairs(outcome, "pooled", gender)
    names += ["pooled_male_count", "pooled_female_count"]
    for outcome in ("kfr", "jail"):
        for gender in ("female", "male"):
            for race in races:
                names += _pairs(outcome, race, gender)
    for gender in ("male", "female"):
        names += [f"{race}_{gender}_count" for race in ("white", "black", "hisp")]
    return tuple(names)


SIMPLE_VALUES = simple_values()
SIMPLE_COLUMNS = SIMPLE_IDS + SIMPLE_VALUES
COUNTY_SIMPLE_COLUMNS = COUNTY_IDS + SIMPLE_VALUES
CZ_SIMPLE_COLUMNS = CZ_IDS + SIMPLE_VALUES

COVARIATE_VALUES = (
    "hhinc_mean2000",
    "mean_commutetime2000",
    "frac_coll_plus2000",
    "frac_coll_plus2010",
    "foreign_share2010",
    "med_hhinc1990",
    "med_hhinc2016",
    "popdensity2000",
    "poor_share2010",
    "poor_share2000",
    "poor_share1990",
    "share_white2010",
    "share_black2010",
    "share_hisp2010",
    "share_asian2010",
    "share_black2000",
    "share_white2000",
    "share_hisp2000",
    "share_asian2000",
    "gsmn_math_g3_2013",
    "rent_twobed2015",
    "singleparent_share2010",
    "singleparent_share1990",
    "singleparent_share2000",
    "traveltime15_2010",
    "emp2000",
    "mail_return_rate2010",
    "ln_wage_growth_hs_grad",
    "jobs_total_5mi_2015",
    "jobs_highpay_5mi_2015",
    "popdensity2010",
    "ann_avg_job_growth_2004_2013",
    "job_density_2013",
)
COVARIATE_COLUMNS = SIMPLE_IDS + COVARIATE_VALUES

CROSSWALK_COLUMNS = (
    "percentile",
    "kid_hh_income",
    "kid_indiv_income",
    "kid_wageflex",
    "kid_hh_income_age26_e",
    "kid_hh_income_age26_l",
    "kid_indiv_income_age26_e",
    "kid_indiv_income_age26_l",
    "parent_hh_income",
)

# --- the full file, tract_outcomes_early.csv -------------------------------------------------

EARLY_RACES = ("natam", "asian", "black", "hisp", "other", "pooled", "white")
_FIRST = ("kir", "jail", "kfr", "kfr_top20", "kir_top20", "married")
_SECOND = ("has_dad", "teenbrth", "working", "kfr_26", "kir_26", "kfr_top01", "kir_top01")
_THIRD = (
    "lpov_nbh",
    "two_par",
    "has_mom",
    "staytract",
    "staycz",
    "stayhome",
    "kir_stycz",
    "kfr_stycz",
    "spouse_rk",
    "marr_24",
    "kfr_24",
    "kir_24",
    "marr_26",
    "marr_29",
    "kfr_29",
    "kir_29",
    "marr_32",
    "work_32",
    "work_26",
    "work_29",
    "work_24",
)
_MEAN_SE = (
    "marr_24",
    "kfr_24",
    "kir_24",
    "marr_26",
    "kfr_26",
    "kir_26",
    "marr_29",
    "kfr_29",
    "kir_29",
    "marr_32",
    "work_32",
    "work_26",
    "work_29",
    "work_24",
    "kfr_top20",
    "kir_top20",
    "kfr_top01",
    "kir_top01",
    "married",
    "kir",
    "lpov_nbh",
    "two_par",
    "has_dad",
    "has_mom",
    "teenbrth",
    "jail",
    "kfr",
    "staytract",
    "staycz",
    "stayhome",
    "working",
    "kir_stycz",
    "kfr_stycz",
    "spouse_rk",
    "par_rank",
)
_KID_RACES = ("hisp", "white", "black", "natam", "asian")
_BELOW_MEDIAN_RACES = ("pooled", "white", "black", "hisp", "asian", "natam")


def _measured(outcomes: tuple[str, ...], gender: str) -> tuple[str, ...]:
    """Teenage birth is measured for women only."""
    return tuple(name for name in outcomes if gender == "female" or name != "teenbrth")


def _estimate_block(race: str, gender: str) -> list[str]:
    cell = f"{race}_{gender}"
    names: list[str] = []
    for group, closing in (
        (_FIRST, [f"par_rank_{cell}_mean", f"frac_below_median_{cell}"]),
        (_SECOND, [f"frac_years_xw_{cell}"]),
        (_THIRD, []),
    ):
        for outcome in _measured(group, gender):
            names += [f"{outcome}_{cell}_{stat}" for stat in ("p1", "p25", "p50", "p75", "p100", "n", "mean")]
        names += closing
    return names + [f"{outcome}_{cell}_p10" for outcome in _measured(_FIRST + _SECOND + _THIRD, gender)]


def _kid_block() -> list[str]:
    names = [f"kid_{race}_{gender}_n" for race in _KID_RACES for gender in ("male", "female")]
    names += [f"kid_pooled_{gender}_n" for gender in ("pooled", "male", "female")]
    names += [f"kid_{race}_pooled_n" for race in ("white", "black", "asian", "hisp", "natam")]
    for gender in ("pooled", "male", "female"):
        names += [f"kid_{race}_{gender}_blw_p50_n" for race in _BELOW_MEDIAN_RACES]
    return names


def early_columns() -> tuple[str, ...]:
    """All 7,825 names of tract_outcomes_early.csv in file order; cz and czname stand inside, not in front.

    Standard errors exist for p25, p75 and the mean only.
    """
    genders = ("female", "male", "pooled")
    names = ["state", "county", "tract"]
    for gender in genders:
        for race in EARLY_RACES:
            names += _estimate_block(race, gender)
    names += [*_kid_block(), "cz", "czname"]
    for gender in genders:
        for race in EARLY_RACES:
            for outcome in _measured(_FIRST + _SECOND + _THIRD, gender):
                names += [f"{outcome}_{race}_{gender}_{stat}_se" for stat in ("p25", "p75")]
    for gender in genders:
        for race in ("asian", "black", "hisp", "natam", "other", "pooled", "white"):
            names += [f"{outcome}_{race}_{gender}_mean_se" for outcome in _measured(_MEAN_SE, gender)]
    return tuple(names)


def choose_early_columns(count: int) -> tuple[str, ...]:
    """`count` of the names in file order, chosen as: ids, the simple file's estimates, what else the portal
    may read, then the rest from the front."""
    names = early_columns()
    if not 5 <= count <= len(names):
        raise ValueError(f"between 5 and {len(names)} columns, not {count}")

    simple = {name.replace("_count", "_blw_p50_n") for name in SIMPLE_VALUES}

    def priority(name: str) -> int:
        if name in SIMPLE_IDS or name in simple or name.removeprefix("kid_") in simple:
            return 0 if name in SIMPLE_IDS else 1
        cells = any(f"_{race}_" in name for race in ("pooled", "white", "black", "hisp"))
        read = name.startswith(("kfr_", "jail_", "kir_", "kid_", "par_rank_", "frac_"))
        return 2 if cells and read else 3

    order = sorted(range(len(names)), key=lambda position: (priority(names[position]), position))
    return tuple(names[position] for position in sorted(order[:count]))

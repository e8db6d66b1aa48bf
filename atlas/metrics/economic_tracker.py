"""Economic Tracker of Opportunity Insights, in the words of its data dictionary (December 6, 2022).

Private companies' data on spending, jobs, small businesses and online mathematics; claims from state agencies.
"""

from atlas.metrics.labels import HIGHER, LOWER, NEITHER, MetricDefinition

PAGE = "https://github.com/OpportunityInsights/EconomicTracker/blob/main/docs/oi_tracker_data_dictionary.md"
_JANUARY, _EARLY = "change_since_january_2020", "change_since_early_2020"

_SPENDING = {
    "all": "all merchants",
    "aap": "apparel and accessories",
    "acf": "accommodation and food service",
    "aer": "arts, entertainment and recreation",
    "apg": "general merchandise, apparel and accessories",
    "durables": "durable goods",
    "gen": "general merchandise",
    "grf": "grocery and food stores",
    "hcs": "health care and social assistance",
    "hic": "home improvement centers",
    "inpersonmisc": "other in-person services",
    "nondurables": "non-durable goods",
    "remoteservices": "remote services",
    "sgh": "sporting goods and hobby",
    "tws": "transport and warehousing",
    "inperson": "in-person services",
    "retail_no_grocery": "retail without groceries",
    "retail_w_grocery": "retail with groceries",
}
_WORKERS = {
    "": "all workers",
    "_incq1": "workers earning under about $27,000",
    "_incq2": "workers earning about $27,000 to $37,000",
    "_incq3": "workers earning about $37,000 to $60,000",
    "_incq4": "workers earning over about $60,000",
    "_incmiddle": "workers earning about $27,000 to $60,000",
    "_incbelowmed": "workers earning under about $37,000",
    "_incabovemed": "workers earning over about $37,000",
}
_POSTINGS = {
    "": "all jobs",
    "_ss30": "manufacturing",
    "_ss55": "financial activities",
    "_ss60": "professional and business services",
    "_ss65": "education and health services",
    "_ss70": "leisure and hospitality",
    "_jz1": "jobs needing little or no preparation",
    "_jz2": "jobs needing some preparation",
    "_jz3": "jobs needing medium preparation",
    "_jz4": "jobs needing considerable preparation",
    "_jz5": "jobs needing extensive preparation",
    "_jzgrp12": "jobs needing little or some preparation",
    "_jzgrp345": "jobs needing medium to extensive preparation",
}
_BREAK = " The source keeps the weeks of school holidays apart and does not show them: they tell little."
# slug: (label, unit, direction, description)
_OTHERS = {
    "initclaims_count_regular": (
        "First claims for unemployment insurance",
        "claims",
        LOWER,
        "Initial claims, regular program only.",
    ),
    "initclaims_rate_regular": (
        "First claims for unemployment insurance per 100 workers",
        "claims_per_100",
        LOWER,
        "Initial claims, regular program only, per 100 people in the 2019 labor force.",
    ),
    "merchants_all": (
        "Small businesses open",
        _JANUARY,
        HIGHER,
        "Small businesses open, seasonally adjusted, by Womply.",
    ),
    "revenue_all": ("Revenue of small businesses", _JANUARY, HIGHER, "Net revenue, seasonally adjusted, by Womply."),
    "zearn_engagement": ("Students using online mathematics", _EARLY, HIGHER, "Students using the Zearn platform."),
    "zearn_badges": (
        "Lessons completed in online mathematics",
        _EARLY,
        HIGHER,
        "Achievements earned on the Zearn platform.",
    ),
    "zearn_break_engagement": (
        "Students using online mathematics in school holidays",
        _EARLY,
        NEITHER,
        "Students using the Zearn platform." + _BREAK,
    ),
    "zearn_break_badges": (
        "Lessons completed in online mathematics in school holidays",
        _EARLY,
        NEITHER,
        "Achievements earned on the Zearn platform." + _BREAK,
    ),
    "tracker_city_pop2019": (
        "Population of the Tracker's city in 2019",
        "people",
        NEITHER,
        "Residents of the county or counties that the Tracker takes for the city.",
    ),
}


def _spending(stem: str, adjusted: bool) -> tuple[str, str, str, str, str]:
    slug = f"spend_{stem}" if adjusted else f"spend_s_{stem}"
    label = f"Card spending: {_SPENDING[stem]}" + ("" if adjusted else ", not seasonally adjusted")
    text = "Credit and debit card spending by where the cardholder lives, by Affinity Solutions"
    return slug, label, _JANUARY, NEITHER, f"{text}{', seasonally adjusted' if adjusted else ''}."


_ROWS = (
    *(_spending(stem, adjusted) for stem in _SPENDING for adjusted in (True, False)),
    *(
        (f"emp{end}", f"Employment: {who}", _JANUARY, HIGHER, "Employment level by Paychex, Intuit, Earnin and Kronos.")
        for end, who in _WORKERS.items()
    ),
    *(
        (f"bg_posts{end}", f"Job postings: {what}", _JANUARY, HIGHER, "Postings online, by Lightcast (Burning Glass).")
        for end, what in _POSTINGS.items()
    ),
    *((slug, label, unit, direction, text) for slug, (label, unit, direction, text) in _OTHERS.items()),
)
DEFINITIONS = tuple(
    MetricDefinition(slug, label, unit, direction, text, PAGE, "economic_tracker")
    for slug, label, unit, direction, text in _ROWS
)

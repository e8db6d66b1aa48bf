"""The city's number: average, certainty, weights, dollars, percentiles. Pure data."""

from dashboards.methods.texts.entry import ATLAS, MethodEntry
from dashboards.panels.method_anchors import CITY_MEAN, COUNTY_ADJUSTMENT, DOLLARS, PERCENTILES, STANDARD_ERROR, WEIGHTS

ENTRIES = (
    MethodEntry(
        CITY_MEAN,
        "The city’s number",
        "How did children from low-income families who grew up here do, on average?",
        (
            "The average of the city’s tracts. A tract where more low-income children grew up counts more: one with "
            "900 such children counts three times as much as one with 300.",
            "More precise tracts get no extra weight. That would give a more certain number, but about other people.",
        ),
        ("m = Σ Wᵢ yᵢ,  with Wᵢ = wᵢ ÷ Σ w", "coverage = Σ w over tracts with a value ÷ Σ w over all tracts"),
        (
            ("yᵢ", "the published value of tract i, for example an average percentile of household income"),
            ("wᵢ", "low-income children of tract i, see weights"),
            ("m", "the city’s average"),
            ("Σ", "the sum over tracts"),
        ),
        (
            "The published values of county and commuting zone come from calculations of their own. They come close to "
            "the average of their tracts but need not equal it: see the adjustment to published county values.",
            "A city’s average describes a place, not any one child in it.",
        ),
        ATLAS,
    ),
    MethodEntry(
        COUNTY_ADJUSTMENT,
        "Adjustment to published county values",
        "The county’s number is published. Why would its tracts say something else?",
        (
            "The source’s tract and county files come from different calculations. Where the tract file has no counts, "
            "we estimate the weights. So the average of a county’s tracts misses the county’s published value. We move "
            "each tract by that difference, and the city’s average with it. Inside one county the order of tracts "
            "stays the same.",
            "Where a city is its county, as New Orleans is Orleans Parish, the result is the published value, with its "
            "published standard error.",
            "Tracts on maps and in tables stay as published. Pages show the average before the adjustment, and how "
            "large the adjustment is.",
        ),
        (
            "m* = m + Σ share_c (P_c − M_c)",
            "Var(m*) = Σ share_c² SE(P_c)² + ratio² Σ (Wᵢ − share_c Vᵢ)² sᵢ²",
        ),
        (
            ("P_c, M_c", "published value of county c, and average of its tracts"),
            ("share_c", "share of the city’s children who lived in county c"),
            ("Wᵢ, Vᵢ", "weight of tract i in the city’s average, and in its county’s"),
            ("ratio, sᵢ", "see how certain the city’s number is"),
        ),
        (
            "The whole county moves alike. If tracts of one part are off by more than those of another, that stays.",
            "Where a county of the place has no published value of the measure, nothing is moved and the page says so.",
            "Without standard errors of tracts only places that are whole counties have a standard error.",
        ),
        "Difference benchmarking, as in Rao and Molina, Small Area Estimation (2015). " + ATLAS,
    ),
    MethodEntry(
        STANDARD_ERROR,
        "How certain the city’s number is",
        "Could the difference between two places be chance?",
        (
            "The errors of the tracts are added up by their weights, as if tracts were independent. They are not "
            "quite: a person who lived in two tracts is in both. So where the files allow it, we calculate the same "
            "formula for the county and compare it with the county’s published standard error. If the published one "
            "is larger, we multiply the city’s standard error by the ratio. We never make it smaller.",
            "The likely range (95% interval) reaches 1.96 standard errors either way.",
        ),
        (
            "SE(m) = √( Σ Wᵢ² sᵢ² )",
            "ratio = published SE of the county ÷ SE by this formula for the county",
            "SE used = SE(m) × ratio, where the ratio is above 1",
        ),
        (("sᵢ", "published standard error of tract i"), ("Wᵢ", "its share of the weights")),
        (
            "One ratio per county is a rough correction, and the ratio itself has an error that is not published.",
            "Intervals of two cities may overlap a little although the cities differ; “too close to call” "
            "means that these data can’t tell, not that the two are alike.",
        ),
        "Formula: variance of a weighted sum of independent estimates. The county’s standard error: " + ATLAS,
    ),
    MethodEntry(
        WEIGHTS,
        "Weights: whose number is it?",
        "What decides how much each tract counts?",
        (
            "Where the source’s file has a count of children with parents below the national median, that "
            "count is the weight: of that race and gender, for a value of that race and gender.",
            "Where it has none, we estimate the weight: children under 18 in the Census of 2000 × the share of them "
            "below the national median. That share is predicted from the tract’s average household income in 2000 by a "
            "curve, fitted so that the tracts of a county add up to the county’s published count. Children under 18 "
            "alone would put too much weight on better-off tracts and overstate the city’s number.",
            "Each page names the weight it used. It also says by how much the same calculation misses the published "
            "value of the county.",
        ),
        (
            "weight = children under 18 × share below the median",
            "share = 1 ÷ (1 + exp(−(a + b × ln(income ÷ $50,000))))",
        ),
        (
            ("income", "average household income of the tract, Census 2000"),
            ("a, b", "fitted again to the county file in use"),
            ("ln, exp", "natural logarithm and its inverse"),
        ),
        (
            "All these counts are of about the year 2000. They are not the children of today.",
            "The model is right on average over counties, not in each. The printed error says how far off it is here.",
        ),
        ATLAS + "; the model for files without counts is the portal’s own",
    ),
    MethodEntry(
        DOLLARS,
        "From percentiles to dollars",
        "What income is the 34th percentile?",
        (
            "The source’s table gives an income in 2015 dollars for each percentile from 0 to 100; between two of them "
            "a straight line is drawn. Percentiles are averaged first and converted once. The top percentiles hold so "
            "much money that an average of dollars would mostly be about them.",
            "The result is the income at the average percentile. It is not the average income.",
            "Files that give dollars only are turned back into percentiles by the same table. The percentiles 0 to 9 "
            "all read $0, so $0 is taken as “at or below the 9th percentile”, counted, and said.",
        ),
        ("$ at percentile 100r = table(⌊100r⌋) + (100r − ⌊100r⌋) × ( table(⌈100r⌉) − table(⌊100r⌋) )",),
        (("⌊ ⌋, ⌈ ⌉", "rounded down, rounded up"), ("table", "the source’s income at a whole percentile")),
        (
            "An interval in dollars is the converted interval in percentiles, so its two sides differ in length.",
            "Dollars are of 2015 and are not adjusted for what things cost in a place.",
        ),
        "Opportunity Insights, percentile-to-dollar crosswalk and its rule convert_rank_dollar; " + ATLAS,
    ),
    MethodEntry(
        PERCENTILES,
        "Percentile among US tracts",
        "Is this tract high or low for the country?",
        (
            "The share of all US tracts with a value that lie below this one, half of those with the same value "
            "counting as below. Each tract counts once, whatever its population.",
        ),
        ("percentile = ( tracts below + ½ × tracts equal ) ÷ tracts with a value",),
        (),
        (
            "It compares published values, noise and all; a tract of few children can stand high or low by chance.",
            "A percentile of tracts is not a percentile of people. The page always names what is compared.",
        ),
        "Mid-rank, the usual treatment of ties",
    ),
)

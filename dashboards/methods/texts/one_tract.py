"""What may be said of one tract. Pure data."""

from dashboards.methods.texts.entry import ATLAS, MethodEntry
from dashboards.panels.method_anchors import RANK_SETS, RELIABILITY, SHRINKAGE, SIDES, TIERS

ENTRIES = (
    MethodEntry(
        RELIABILITY,
        "Missing and unreliable values",
        "Why is this tract gray, hatched or pale?",
        (
            "An empty field means that the source gives no value: too few children, or none. It is not zero, "
            "nothing is put in its place, and the page says how many of the city’s children live in such tracts.",
            "Where a file has standard errors, one click shows a tract’s own. How much of the differences on a map is "
            "real is said once for the map: its reliability, the share of the spread among tracts that isn’t noise.",
        ),
        ("reliability = ( spread among tracts − average squared SE ) ÷ spread among tracts",),
        (("spread", "weighted variance of the tracts’ values around the city’s average"),),
        (
            "Reliability belongs to a map of one outcome in one city. The same city may have a reliable map of "
            "incomes and an unreliable one of a rare outcome.",
            "Without standard errors in the file, reliability can’t be known, and the page says so.",
        ),
        "Opportunity Insights subtracts noise from the variance in the same way; " + ATLAS,
    ),
    MethodEntry(
        TIERS,
        "Clearly above, too close to call, clearly below",
        "Which tracts differ from the city by more than chance?",
        (
            "Each tract is tested against the city’s own average for the outcome named. Among many tests some come "
            "out by luck; the Benjamini–Hochberg rule keeps the expected share of such false finds at 5% or less "
            "of all tracts called above or below.",
            "Most tracts are usually “too close to call”. That is a statement about the data, not a grade.",
        ),
        (
            "dᵢ = yᵢ − m",
            "Var(dᵢ) = sᵢ² (1 − 2Wᵢ) + Σ Wⱼ² sⱼ²",
            "p from z = dᵢ ÷ √Var(dᵢ); a tier where the Benjamini–Hochberg adjusted p is at most .05",
        ),
        (
            ("dᵢ", "the tract’s distance from the city’s average m"),
            ("Wᵢ", "the tract’s share of the weights; it is part of the average it is compared with"),
        ),
        (
            "“Clearly below” names an outcome of people who grew up there. It says nothing of the people who "
            "live there now and is no reason by itself to spend or not to spend.",
            "A large tract is called sooner than a small one with the same distance.",
            "The tests share the city’s average and so are not quite independent; simulations keep the 5%.",
        ),
        "Benjamini and Hochberg (1995), Controlling the False Discovery Rate, Journal of the Royal Statistical "
        "Society B 57",
    ),
    MethodEntry(
        SIDES,
        "Above and below the middle US tract",
        "How many of the city’s tracts are above or below the middle US tract by more than chance?",
        (
            "Each tract is tested both ways against the middle US tract, with one limit for all of them, so that the "
            "chance of any tract on the wrong side is at most 5%. What is settled leaves the tests; the others are "
            "tested again with the smaller limit.",
            "Where the file loaded here has no margin of error, nothing can be tested. Then the page counts the "
            "published estimates, and says so.",
        ),
        (
            "zᵢ = (yᵢ − middle) ÷ sᵢ",
            "settled where |zᵢ| > c, with (2 Φ(c) − 1)ᵃ Φ(c)ᵇ = .95",
        ),
        (
            ("a, b", "tracts not settled yet, tracts settled already (one of their two tests is still open)"),
            ("Φ", "the share of a standard normal below c"),
        ),
        (
            "A tract that could not be told from the middle may lie on either side of it, or on it.",
            "The errors of tracts are taken as independent, and the middle US tract as known.",
        ),
        "Romano and Wolf (2005), Stepwise Multiple Testing as Formalized Data Snooping, Econometrica 73",
    ),
    MethodEntry(
        SHRINKAGE,
        "Adjusted for small samples",
        "What is the best guess for one tract, given how noisy its own number is?",
        (
            "A noisy value is drawn toward what tracts with such standard errors usually show in the city’s "
            "counties; a precise one hardly moves. The line it is drawn to has a constant and the logarithm of "
            "the standard error, because small tracts differ from large ones in level too. At most one more "
            "characteristic is allowed for every 15 tracts, and race never.",
            "How far apart tracts truly are is not known exactly. The portal averages over all values it may have "
            "instead of picking one, so that intervals are honest for 17 tracts as for 290.",
        ),
        (
            "adjusted value = fit + λᵢ (yᵢ − fit),  with λᵢ = S ÷ (S + sᵢ²)",
            "averaged over what S and the line may be, given the data",
        ),
        (("S", "true variance of tracts around the line"), ("λᵢ", "weight on the tract’s own value, between 0 and 1")),
        (
            "Adjusted values are for looking at one tract. Their average is not the city’s average and their spread is "
            "too small. Each city number uses the original estimates.",
            "A tract that truly differs from its neighbors is drawn toward them all the same.",
        ),
        "Fay and Herriot (1979), Journal of the American Statistical Association 74; that precision predicts level: "
        "Chen, Empirical Bayes When Estimation Precision Predicts Parameters, Econometrica",
    ),
    MethodEntry(
        RANK_SETS,
        "The rank of a tract, as a range",
        "Where does this tract stand among the city’s?",
        (
            "A range of ranks that holds the tract’s true rank with 95% confidence: “anywhere from 12th to 280th of "
            "290”. It comes from testing the tract against every other one, both ways, with limits that hold for all "
            "these tests together.",
            "Such ranges are wide. That is the reason why the portal has no league table of tracts.",
        ),
        (
            "lowest rank number = 1 + number of tracts significantly above",
            "highest rank number = n − number of tracts significantly below",
        ),
        (("n", "tracts of the city with a value and a standard error"),),
        (
            "The confidence is for all tracts of the city together: wider than for one tract by itself.",
            "Tests use at most 2,000 random draws with a fixed seed, so that the same data give the same range.",
        ),
        "Mogstad, Romano, Shaikh and Wilhelm (2023), Inference for Ranks, Review of Economic Studies, "
        "doi 10.1093/restud/rdad006",
    ),
)

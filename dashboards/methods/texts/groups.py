"""Whom the numbers describe, and what the source did to them. Pure data."""

from dashboards.methods.texts.entry import ATLAS, MethodEntry
from dashboards.panels.method_anchors import BOUNDARY, COHORTS, NOISE

ENTRIES = (
    MethodEntry(
        COHORTS,
        "Whom the numbers describe",
        "Whose lives are these, and when?",
        (
            "About 20 million people born in 1978–83, followed in tax and Census records. Each is placed in the Census "
            "tracts where they lived as a child, up to age 23. It does not matter where they live now. Their incomes "
            "are from 2014 and 2015, at ages 31 to 37.",
            "“Low-income families” are parents at the 25th percentile of US household income: three in four families "
            "with children had more. The number for the 25th percentile is read from a line through all parents of a "
            "tract. It is not a count of families at exactly that income.",
            "The source also has a file of people born in 1984–89. Their incomes were measured at a younger "
            "age, so we keep them apart. We never subtract them from the earlier ones or draw them on one axis.",
        ),
        (),
        (),
        (
            "The youngest of these people turned 31 in 2014. The numbers can’t say how a child who lives here today "
            "will do.",
            "There is no trend for a tract. A pilot that began in 2019 can’t be seen in these numbers.",
            "A person who lived in several tracts counts in each, by the share of childhood spent there.",
        ),
        ATLAS,
    ),
    MethodEntry(
        NOISE,
        "Noise added by the source, and values outside 0–1",
        "Are these the exact numbers of the people who lived here?",
        (
            "No. To protect privacy the source adds random noise to every estimate and to every count, more where "
            "there were fewer children. The published standard error holds that noise already, so the portal adds "
            "none. That is also why counts of children have decimals.",
            "An estimate is a prediction from a line plus noise, so a share may come out slightly below 0 or "
            "above 1. Such values are kept in every calculation and every download; only a map’s colors stop at "
            "its ends.",
        ),
        ("published SE = √( sampling SE² + noise SE² )",),
        (("SE", "standard error: how far an estimate would typically lie from the value it stands for"),),
        (
            "The per-variable downloads of the source hold neither standard errors nor counts. Where only "
            "those are loaded, the portal says that there is no margin of error and does not make one up.",
        ),
        "Chetty and Friedman (2019), A Practical Method to Reduce Privacy Loss When Disclosing Statistics Based on "
        "Small Samples, AEA Papers and Proceedings 109",
    ),
    MethodEntry(
        BOUNDARY,
        "Which tracts are the city’s",
        "The Atlas knows no cities. How does a tract become Detroit’s or Tulsa’s?",
        (
            "The portal lays the tracts of the 2010 Census over the city’s published boundary on an equal-area "
            "map. A tract belongs to the city when at least half of its area lies inside; it then counts whole. "
            "A tract with 1 to 99% of its area inside is named as an edge tract.",
            "You can also count every tract by the share of its area inside: see “Weights” on a city’s page.",
        ),
        ("share inside = area of (tract ∩ city) ÷ area of tract",),
        (("∩", "the part that both have in common"),),
        (
            "Area is not people: half a tract’s area can hold few of its children. The city page says what share "
            "of the city’s children the rule reaches and what share of those counted live outside the line.",
            "The boundary is a recent one; the city’s line may have moved since these people grew up.",
        ),
        "US Census Bureau, cartographic tract boundaries (2010 tracts) and TIGER/Line places",
    ),
)

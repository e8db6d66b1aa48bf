"""Groups, places and time. Pure data."""

from dashboards.methods.texts.entry import ATLAS, MethodEntry
from dashboards.panels.method_anchors import (
    AREAS,
    CHANGING,
    CHILDREN,
    CORRELATIONS,
    DISPERSION,
    GAPS,
    MORAN,
    RENT,
    SEGREGATION,
)

ENTRIES = (
    MethodEntry(
        GAPS,
        "Gaps between groups",
        "How different are the outcomes of Black and white children, or of girls and boys, from equally low-income "
        "families?",
        (
            "First each group’s own level against the same group in the nation. A small gap where both groups "
            "did badly is no good news, so a gap never stands alone and a small one is not called equity.",
            "Then two gaps. By own weights: each group’s average over the tracts where its children grew up. By common "
            "weights: both groups at the second group’s weights, in tracts that have values for both. What is left "
            "between the two is the part that goes with living in different neighborhoods.",
            "Tracts with values for both groups can leave out many children. Under 60% of the second group’s "
            "children the common-weight gap is no headline.",
        ),
        (
            "own gap = average of the first group − average of the second",
            "common gap = Σ Vᵢ (first groupᵢ − second groupᵢ)",
            "SE of a difference = √( SE₁² + SE₂² )",
        ),
        (("Vᵢ", "the second group’s share of children in tract i, among tracts with both values"),),
        (
            "Gaps are about places and institutions, not about what a group can do.",
            "“Goes with” is a division of a difference, not a reason for it.",
            "Gaps inside one tract pair families of the same income percentile, not of the same wealth.",
        ),
        ATLAS,
    ),
    MethodEntry(
        DISPERSION,
        "How much neighborhoods differ, net of noise",
        "Would it have mattered much where in the city a child grew up?",
        (
            "The spread of the published values is partly noise: by the average squared standard error it is too "
            "large. What is left is how much tracts truly differ.",
            "With enough tracts, number and interval come from the same draws of the tracts’ true values: their "
            "median, and the shortest interval that holds 95 in 100 of them, which can reach 0. So no number lies "
            "outside its own interval. With fewer tracts the noise is subtracted, without an interval.",
        ),
        (
            "V = Σ Wᵢ (yᵢ − m)²,  N = Σ Wᵢ sᵢ²",
            "S = Σ Wᵢ (θᵢ − Σ Wⱼ θⱼ)² of the drawn θ;  few tracts: S = max(0, V − N)",
            "spread = √S,  reliability = S ÷ (S + N)",
        ),
        (
            ("V", "total variance"),
            ("N", "noise variance"),
            ("S", "signal variance"),
            ("θᵢ", "the true value of tract i, drawn given its estimate and standard error"),
        ),
        (
            "Few tracts make this number itself uncertain; its interval stands beside it.",
            "Tracts differ in who grew up there as well as in what the place did for them. This number doesn’t "
            "tell the two apart.",
        ),
        "Opportunity Insights computes total minus noise variance in the same way; " + ATLAS,
    ),
    MethodEntry(
        CORRELATIONS,
        "What goes together",
        "Do outcomes go with rents, schools, jobs nearby?",
        (
            "The weighted correlation of a tract’s outcome with one of its characteristics: 1 is in step, −1 the "
            "opposite, 0 no straight-line relation.",
            "Tracts near each other are alike, so 100 of them say less than 100 independent ones would. How alike both "
            "numbers are at each distance gives the number of independent tracts they are worth; interval and p rest "
            "on that number. Weights lower it too. Where no city has any relation at all, p is under .05 in 1% to 7% "
            "of drawn cities of 17 to 120 tracts, alike or not; taking tracts as independent it is in up to half.",
            "The correlation is described and not explained. Characteristics go together among themselves, and "
            "people choose and are pushed into neighborhoods.",
        ),
        (
            "r = Σ Wᵢ zᵢ(x) zᵢ(y),  z = (value − weighted average) ÷ weighted standard deviation",
            "M = 1 + tr(A Sx) tr(A Sy) ÷ tr(A Sx A Sy),  A = diag(W) − W Wᵀ,  at most M of independent tracts",
            "t = r √( (M − 2) ÷ (1 − r²) ) with M − 2 degrees of freedom",
        ),
        (
            ("x, y", "the characteristic and the outcome"),
            ("Sx, Sy", "average products of deviations of pairs of tracts, by class of distance"),
            ("M", "the number of independent tracts that these are worth"),
        ),
        (
            "Noise in either makes a correlation smaller than it truly is.",
            "A list of correlations always has a largest one. That is not a reason to act on it.",
        ),
        "Clifford, Richardson and Hémon (1989), Biometrics 45, 123–134; Dutilleul (1993), Biometrics 49, 305–314. The "
        "form for weighted correlations is this portal’s own, checked by simulation",
    ),
    MethodEntry(
        RENT,
        "Rent against mobility",
        "Which tracts had better outcomes than their rent would lead one to expect?",
        (
            "A straight line through the city’s tracts, rent across and outcome up, each tract counting by its "
            "low-income children. A tract above the line did better than tracts of its rent usually did.",
            "The slope’s interval is the wider of two: by standard errors that allow tracts to differ in noise (HC3 "
            "with Student’s t), and by the number of independent tracts that these are worth, as for correlations.",
            "The distance is no more certain than the tract’s own value, so it has at least that standard error.",
        ),
        ("residual = outcome − (a + b × rent)",),
        (("a, b", "weighted least squares over the city’s tracts"),),
        (
            "Rent is the median rent of all homes or of two-bedroom homes in the years named beside it, long "
            "after these people grew up. It is not the rent of a home that is free today.",
            "A rent at the end of the source’s range (a top or bottom code) stands for everything beyond it.",
            "Tracts far above the line are partly luck: the noisiest stand furthest out.",
        ),
        "After the rent scatter of Creating Moves to Opportunity, Opportunity Insights; MacKinnon and White (1985), "
        "Journal of Econometrics 29, 305–325",
    ),
    MethodEntry(
        CHILDREN,
        "Low-income children, and the distance to the median",
        "How many children would it take?",
        (
            "The number of children with parents below the national median in each tract, and how far that tract "
            "lies from the tract of the city’s middle child. It counts; it promises nothing about what a program "
            "would change.",
        ),
        ("distance = the city’s weighted median − the tract’s value",),
        (),
        (
            "Below the national median is not the same as poor, and the count is of about the year 2000.",
            "No sum of dollars over lives is made of it; see what the portal does not do.",
        ),
        ATLAS,
    ),
    MethodEntry(
        SEGREGATION,
        "Segregation of low-income children",
        "Do low-income children live apart from others?",
        (
            "Four usual indices from counts by tract in the year 2000. Dissimilarity: the share of either group that "
            "would have to move for every tract to have the same mix. Isolation and exposure: the share of "
            "low-income children, and of others, in the tract of the average low-income child. Theil’s H: how "
            "much less mixed tracts are than the whole, from 0 to 1.",
            "County and commuting zone stand beside the city, because the line around a city decides much of the "
            "number.",
        ),
        (
            "D = ½ Σ | bᵢ ÷ B − cᵢ ÷ C |",
            "isolation = Σ (bᵢ ÷ B)(bᵢ ÷ tᵢ),  exposure = Σ (bᵢ ÷ B)(cᵢ ÷ tᵢ)",
            "H = Σ tᵢ (E − Eᵢ) ÷ (T E),  E = −p ln p − (1 − p) ln(1 − p)",
        ),
        (
            ("bᵢ, cᵢ, tᵢ", "low-income children, other children and all children of tract i; B, C and T their sums"),
            ("p", "share of low-income children, in the tract for Eᵢ and in the whole for E"),
        ),
        ("Small tracts make every such index larger by chance.", "It describes the year 2000."),
        "Massey and Denton (1988), The Dimensions of Residential Segregation, Social Forces 67; Theil and "
        "Finizza (1971)",
    ),
    MethodEntry(
        MORAN,
        "Do neighboring tracts resemble each other?",
        "Is high next to high, more than by chance?",
        (
            "Moran’s I on the original estimates: each tract against the average of the tracts it touches. Near 0 "
            "there is no pattern, near 1 neighbors are alike. Chance is judged by shuffling the values over the map. A "
            "second check asks how large I would be if the differences were noise only.",
        ),
        ("I = (n ÷ S₀) × Σᵢ Σⱼ aᵢⱼ (yᵢ − ȳ)(yⱼ − ȳ) ÷ Σᵢ (yᵢ − ȳ)²",),
        (
            ("aᵢⱼ", "1 ÷ number of neighbors where tracts i and j touch, otherwise 0"),
            ("S₀", "the sum of all aᵢⱼ"),
            ("ȳ", "the average over the n tracts"),
        ),
        (
            "One number for the whole city. It doesn’t say where.",
            "Children who moved to the next tract are in both, which makes neighbors alike to begin with.",
        ),
        "Moran (1950), Notes on Continuous Stochastic Phenomena, Biometrika 37; computed with PySAL’s esda",
    ),
    MethodEntry(
        AREAS,
        "Areas of your own",
        "What about my council district?",
        (
            "Tracts picked on the map, pasted as GEOIDs or found under an uploaded outline become an area. "
            "Everything said of a city is calculated again from its tracts, with the same weights and the same "
            "formulas, so that the uncertainty is that of the area and not of the city.",
        ),
        ("m and SE(m) as for a city, over the tracts of the area",),
        (),
        (
            "An area of few tracts has a wide interval, and one of a single tract is just that tract.",
            "Tracts of the 2020 Census are not those of 2010. The portal asks instead of guessing.",
            "An area drawn after a look at the map will differ from the city more than one drawn before.",
        ),
        "The portal’s own; calculated like the city’s number",
    ),
    MethodEntry(
        CHANGING,
        "What is changing",
        "Which conditions have changed here in recent years?",
        (
            "Yearly metrics of the Urban Institute and weekly series of the Economic Tracker, for those who live "
            "here now. They are drawn apart from the Atlas and on axes of their own: the Atlas describes people "
            "born in 1978–83, and nothing in these series shows whether a pilot worked.",
            "The first and the last value are compared by the source’s own margins of error. Where they overlap, "
            "the two are “too close to call”; where there is no margin of error, nothing is concluded.",
            "A line breaks where the source’s grade of quality changes, which is a sign that the data behind it "
            "changed, and where a value is withheld, with the reason.",
        ),
        ("apart when lower(later) > upper(earlier), or upper(later) < lower(earlier)",),
        (("lower, upper", "ends of the margin of error as the source gives it"),),
        (
            "Margins that overlap a little can belong to a real difference: the rule is cautious.",
            "Each of many series gets its own comparison, so some will move apart by chance.",
            "Dollars are as published and not adjusted for prices.",
            "Some series are of the county around a city. Each says whose it is.",
        ),
        "Urban Institute, Boosting Upward Mobility: Metrics to Inform Local Action, second edition; Opportunity "
        "Insights, Economic Tracker",
    ),
)

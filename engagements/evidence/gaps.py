"""What a city may be short of, which number of this portal shows it, and against what that number may be held.

A gap says where need is. It never says what would help: that an intervention is listed under a gap means that it was
tried on such an outcome somewhere. Cities are not ranked against each other; a number that the data hold for the nation
is compared with the nation, any other stands by itself.
"""

from dataclasses import dataclass

ATLAS, CONTEXT = "atlas", "context"  # which of the portal's two catalogs: atlas.measures or atlas.metrics
HIGHER, LOWER = "higher", "lower"
NATION, ALONE = "nation", "alone"


@dataclass(frozen=True)
class GapMeasure:
    """`slug` of `catalog`; `better`: the direction that is better for people; `compared_with`: NATION or ALONE."""

    catalogue: str
    slug: str
    better: str
    compared_with: str


@dataclass(frozen=True)
class Gap:
    """`measures` is empty where the portal holds no number for it; `about` says what is meant, for a reader."""

    code: str
    label: str
    about: str
    measures: tuple[GapMeasure, ...] = ()

    @property
    def is_measured(self) -> bool:
        return bool(self.measures)


def _nation(slug: str) -> GapMeasure:
    """A tract outcome of the Opportunity Atlas, whose mean over the nation's tracts the portal works out too."""
    return GapMeasure(ATLAS, slug, HIGHER, NATION)


def _alone(slug: str, better: str) -> GapMeasure:
    """A yearly metric of the city from the Urban Institute; its files have no row for the nation."""
    return GapMeasure(CONTEXT, slug, better, ALONE)


GAPS: tuple[Gap, ...] = (
    Gap(
        "mobility",
        "Later incomes of children from low-income families",
        "How far children of parents at the 25th percentile, born 1978-83, got as adults.",
        (_nation("kfr_pooled_pooled_p25"),),
    ),
    Gap(
        "employment",
        "Employment",
        "Who had work: people who grew up here, in 2015, and residents aged 25 to 54 today.",
        (_nation("working_pooled_pooled_mean"), _alone("share_employed", HIGHER)),
    ),
    Gap(
        "earnings",
        "Household income of the lowest fifth",
        "What a fifth of the households here have less than.",
        (_alone("pctl_income_20", HIGHER),),
    ),
    Gap(
        "college_readiness",
        "College readiness",
        "Residents aged 19 and 20 who finished high school.",
        (_alone("share_hs_degree", HIGHER),),
    ),
    Gap("college_completion", "College degrees of young adults", "Whether young adults who start college finish it."),
    Gap(
        "school_learning",
        "Learning in school",
        "How much test scores grow from grade 3 to grade 8; 1 is a grade a year.",
        (_alone("rate_learning", HIGHER),),
    ),
    Gap(
        "preschool", "Preschool", "Children aged 3 and 4 who are in preschool.", (_alone("share_in_preschool", HIGHER),)
    ),
    Gap(
        "early_childhood",
        "Early development and parenting",
        "How children develop before school, and what their parents can do for it.",
    ),
    Gap(
        "housing_affordability",
        "Affordable homes",
        "Homes that are affordable and free for each household with half the area's median income.",
        (_alone("share_affordable_available_50_ami", HIGHER),),
    ),
    Gap(
        "housing_stability",
        "Stable housing",
        "Public-school students who were homeless at some time in the year.",
        (_alone("share_homeless", LOWER),),
    ),
    Gap(
        "neighbourhood",
        "Neighborhoods children grow up in",
        "People in poverty who live where most others are poor too, and friendships across incomes.",
        (_alone("share_poverty_exposure", LOWER), _alone("ratio_high_low_ses_fb_friends", HIGHER)),
    ),
    Gap(
        "financial_security",
        "Debt and savings",
        "People with a credit record who have debt in collections.",
        (_alone("share_debt_coll", LOWER),),
    ),
    Gap(
        "tax_benefits",
        "Credits and benefits that are not claimed",
        "Tax credits and benefits that people have a right to and do not receive.",
    ),
    Gap(
        "justice",
        "Contact with the justice system",
        "Arrests of people aged 10 to 17 for each 100,000 of them; it counts what police did.",
        (_alone("rate_juv_arrest", LOWER),),
    ),
    Gap(
        "transport",
        "Getting around",
        "What a low-income family spends on transport, as a share of its income.",
        (_alone("share_transportation_cost", LOWER),),
    ),
)
GAP_BY_CODE: dict[str, Gap] = {gap.code: gap for gap in GAPS}

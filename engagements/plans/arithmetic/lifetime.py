"""Lifetime earnings of a child whose family moves: only for plans that move children, always for one child.

The recipe is that of the replication code of Creating Moves to Opportunity: rank change x causal share -> income at
the old and the new rank by the publisher's crosswalk -> as a share of average earnings at 34 -> times the sum over ages
of survival x f^age x earnings, with f = 1 / (1 + discount - growth), and f = 1 / (1 - growth) without discounting. The
rank change counts in proportion to the years of childhood spent in the new place.
"""

from dataclasses import dataclass

import numpy as np

from atlas.formatting.money import format_whole_dollars
from atlas.statistics.crosswalk import Crosswalk
from engagements.limits import AGE_OF_MEAN, MOST_USD_EACH
from engagements.plans.arithmetic.quantities import Quantity, from_draws
from engagements.plans.arithmetic.refusals import PlanningRefused, as_floats, check_number, check_text
from engagements.plans.arithmetic.simulation import draw_normal, draw_uniform, stream

PUBLISHED_SHARES = (0.62, 0.60)  # two versions of the Opportunity Atlas paper, 2018 and later
_OLDEST = 120
_LEAST_EARNED = 1  # dollars a year at 34: gains are shares of it


@dataclass(frozen=True)
class AgeProfile:
    """wages[i] = mean yearly earnings at ages[i], in dollars of `price_year`; survival[i] = share alive, 0 to 1."""

    name: str
    source: str
    price_year: int
    ages: tuple[int, ...]
    wages: tuple[float, ...]
    survival: tuple[float, ...]

    def __post_init__(self) -> None:
        check_text("profile", self.name, "Name the age profile of earnings.")
        check_text("profile", self.source, "Say where the age profile of earnings comes from.")
        if not len(self.ages) == len(self.wages) == len(self.survival) or list(self.ages) != sorted(set(self.ages)):
            raise PlanningRefused("profile", "The age profile needs one wage and one survival share for each age.")
        for number in (*self.wages, *self.survival):
            check_number("profile", number, "Every wage and every survival share")
        if AGE_OF_MEAN not in self.ages or min(self.ages) < 18:
            raise PlanningRefused("profile", "The age profile starts at 18 or later and must contain age 34.")
        if min(self.wages) < 0 or not self.wage_at(AGE_OF_MEAN) or not all(0 <= s <= 1 for s in self.survival):
            raise PlanningRefused("profile", "Wages are 0 or more, above 0 at 34; survival is a share from 0 to 1.")
        if max(self.ages) > _OLDEST or max(self.wages) > MOST_USD_EACH or self.wage_at(AGE_OF_MEAN) < _LEAST_EARNED:
            raise PlanningRefused(
                "profile",
                f"The age profile ends at {_OLDEST} at most. "
                f"Wages are at most {format_whole_dollars(MOST_USD_EACH)} a year, and at least "
                f"{format_whole_dollars(_LEAST_EARNED)} at {AGE_OF_MEAN}.",
            )

    def wage_at(self, age: int) -> float:
        return self.wages[self.ages.index(age)]

    def worth(self, discount: float, growth: float) -> float:
        """Sum over ages of survival x f^age x wage, f = 1 / (1 + discount - growth); dollars.

        Worked: ages 30-34 at $40,000 to $48,000: 303,764.43 without discount, 159,878.00 with 2%, growth 1%.
        """
        f = 1 / (1 + discount - growth)
        return float(sum(s * f**age * wage for age, wage, s in zip(self.ages, self.wages, self.survival, strict=True)))


@dataclass(frozen=True)
class LifetimeInput:
    """base_rank and rank_change 0-1: mean adult rank where children live now, and how much higher it is there.

    The causal share is uniform from causal_low to causal_high, the planner's choice; published are .62 and .60.
    years_of_exposure out of childhood_years (23, the planner's choice), over which the whole rank change builds up.
    `notes`: sentences on where base_rank and crosswalk come from. Raises PlanningRefused.
    """

    base_rank: float
    rank_change: float
    rank_change_se: float
    years_of_exposure: float
    crosswalk: Crosswalk
    profile: AgeProfile
    childhood_years: float = 23.0
    causal_low: float = 0.4
    causal_high: float = 0.8
    discount: float = 0.02
    growth: float = 0.01
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        as_floats(
            self,
            "base_rank",
            "rank_change",
            "rank_change_se",
            "years_of_exposure",
            "childhood_years",
            "causal_low",
            "causal_high",
            "discount",
            "growth",
        )
        if not 0 <= check_number("base_rank", self.base_rank, "The rank at the old address") <= 1:
            raise PlanningRefused("base_rank", "A rank is a share from 0 to 1: 0.44 for the 44th percentile.")
        if not -1 <= check_number("rank_change", self.rank_change, "The rank change") <= 1:
            raise PlanningRefused("rank_change", "A rank change is a share: 0.06 for six percentiles.")
        if not 0 < check_number("rank_change_se", self.rank_change_se, "The rank change's standard error") <= 1:
            raise PlanningRefused("rank_change_se", "The rank change needs a standard error above 0, as a share.")
        if check_number("childhood_years", self.childhood_years, "The years of childhood") <= 0:
            raise PlanningRefused("childhood_years", "The years of childhood are more than 0.")
        years = check_number("years_of_exposure", self.years_of_exposure, "The years of exposure")
        if not 0 <= years <= self.childhood_years:
            raise PlanningRefused(
                "years_of_exposure",
                f"Years in the new place go from 0 to the {self.childhood_years:g} years of childhood.",
            )
        low = check_number("causal_low", self.causal_low, "The lower causal share")
        if not 0 <= low < check_number("causal_high", self.causal_high, "The higher causal share") <= 1:
            raise PlanningRefused(
                "causal_low",
                "How much of the difference between places is due to the place is not known exactly. Give a range "
                "from low to high, within 0 to 1.",
            )
        for name, rate in (("discount", self.discount), ("growth", self.growth)):
            if not 0 <= check_number(name, rate, f"The {name} rate") <= 0.2:
                raise PlanningRefused(name, f"The {name} rate is a share a year, such as 0.02; at most 0.2.")


@dataclass(frozen=True)
class LifetimeGain:
    """For one child who moves, over a working life; dollars of the profile's price year."""

    rank_gain: Quantity  # of one child, ranks 0-1, after causal share and exposure
    yearly_gain: Quantity  # at about 35, dollars of the crosswalk (2015)
    share_of_earnings: Quantity  # of average earnings at 34
    undiscounted: Quantity
    discounted: Quantity
    assumptions: tuple[str, ...]
    does_not_claim: tuple[str, ...]


def translate(
    base_rank: float, rank_gain: np.ndarray, crosswalk: Crosswalk, profile: AgeProfile
) -> tuple[np.ndarray, np.ndarray]:
    """(dollars a year, share of average earnings at 34), both (D,). Ranks past the crosswalk's ends stay there.

    Worked: .44 + .0372: $35,359.57 -> $39,597.55, +$4,237.97, 8.829108% of $48,000.
    """
    at = np.arange(101)
    usd = np.interp(100 * (base_rank + rank_gain), at, crosswalk.usd) - crosswalk.dollars(base_rank)
    return usd, usd / profile.wage_at(AGE_OF_MEAN)


def estimate_lifetime(plan: LifetimeInput, draws: int, seed: int) -> LifetimeGain:
    """Draws of rank change (normal) and causal share (uniform); everything else is as given."""
    rng = stream(f"{seed} lifetime")
    change = plan.rank_change + plan.rank_change_se * draw_normal(rng, draws)
    share = plan.causal_low + (plan.causal_high - plan.causal_low) * draw_uniform(rng, draws)
    exposure = plan.years_of_exposure / plan.childhood_years
    rank_gain = change * share * exposure
    usd, part = translate(plan.base_rank, rank_gain, plan.crosswalk, plan.profile)
    dollars = f"dollars for one child who moves ({plan.profile.price_year} prices)"
    whole, now = plan.profile.worth(0.0, plan.growth), plan.profile.worth(plan.discount, plan.growth)
    return LifetimeGain(
        from_draws(rank_gain, "rank (0 to 1)"),
        from_draws(usd, "dollars a year at about 35 (2015 prices)"),
        from_draws(part, "share of average earnings at 34"),
        from_draws(part * whole, dollars),
        from_draws(part * now, dollars),
        _assumptions(plan),
        (
            "It is calculated for one child whose family moves, not for a neighborhood that improves.",
            "It is not multiplied by the number of children: they move at different ages to different places.",
            "It does not say that earnings measured in one's thirties keep their distance for a whole working life.",
        ),
    )


def _assumptions(plan: LifetimeInput) -> tuple[str, ...]:
    published = " and ".join(f"{share:.2f}" for share in PUBLISHED_SHARES)
    return (
        f"{plan.causal_low:.2f} to {plan.causal_high:.2f} of the difference between places is due to the place: the "
        f"planner's choice. Two versions of the Opportunity Atlas paper print {published}.",
        f"A child spends {plan.years_of_exposure:g} of {plan.childhood_years:g} years of childhood in the new place; "
        "the gain grows in proportion to these years.",
        f"Earnings by age: {plan.profile.name} ({plan.profile.source}).",
        f"Earnings from age {min(plan.profile.ages)} to {max(plan.profile.ages)} are counted, none before or after.",
        *_survival(plan.profile),
        f"Real wage growth is {plan.growth:.1%} a year; discounted to birth at {plan.discount:.1%} a year.",
        *plan.notes,
    )


def _survival(profile: AgeProfile) -> tuple[str, ...]:
    if min(profile.survival) < 1:
        return ()
    return ("Everybody is counted as alive at each of these ages, which makes the sum a little too high.",)

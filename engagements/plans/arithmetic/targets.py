"""Areas compared under a budget: how often each would be chosen, and what a choice may leave unserved.

The need of a child in a tract is reference - value, in rank points, and 0 where the value is above the reference. Rule,
for each draw of the true values on its own:
1. Tracts without children or without need are not chosen.
2. Under a budget tracts are taken by need per child, highest first; each child costs the same, so this is also need per
   dollar. A tract whose children no longer fit into what is left is passed over, smaller ones after it may still fit.
3. With only a number of tracts allowed they are taken by need x children: every tract takes one place.
4. Equal needs: more children first, then the order given.
Need served by a set = sum of children x need. Regret of a set in a draw = need served by the rule's set less that by
the set, never below 0. Whole tracts may fit a budget better than the rule finds: then the regret is 0.
"""

from dataclasses import dataclass, field

import numpy as np

from atlas.formatting.money import format_whole_dollars
from engagements.limits import MOST_PEOPLE_OFFERED, MOST_USD, MOST_USD_INTERVENTION
from engagements.plans.arithmetic.prose import format_range
from engagements.plans.arithmetic.quantities import Quantity, from_draws
from engagements.plans.arithmetic.refusals import PlanningRefused, as_floats, check_number

NEED_UNIT = "rank points x children"
_LEAST_COST = 0.01  # dollars
_FARTHEST_DRAW = 1_000.0  # of a rank 0-1: noise reaches past the ends, not this far
CLEAR = 0.9  # a tract chosen in so many draws, or in so few as the rest, is clear


@dataclass(frozen=True, eq=False)
class TargetInput:
    """draws (D, J) of the tracts' true ranks, 0-1, lower = more need; children (J,); geoids name the columns.

    reference: the rank (0-1) need is measured against, `reference_words` say whose. Give a budget with a cost per child
    in dollars, most_tracts, or both. chosen: the planner's geoids, None for none yet. Raises PlanningRefused.
    """

    geoids: tuple[str, ...]
    draws: np.ndarray = field(repr=False)
    children: np.ndarray = field(repr=False)
    reference: float
    reference_words: str
    cost_per_child: float | None = None
    budget: float | None = None
    most_tracts: int | None = None
    chosen: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        as_floats(self, "reference", "cost_per_child", "budget")
        n = len(self.geoids)
        if not n or len(set(self.geoids)) != n:
            raise PlanningRefused("tracts", "Choose at least one tract, each once.")
        if self.draws.ndim != 2 or self.draws.shape[1] != n or not len(self.draws) or self.children.shape != (n,):
            raise PlanningRefused("tracts", "Every tract needs draws of its value and a number of children.")
        if not np.isfinite(self.draws).all() or not np.isfinite(self.children).all() or self.children.min() < 0:
            raise PlanningRefused("tracts", "A tract without a value or a number of children cannot be compared.")
        if self.children.max() > MOST_PEOPLE_OFFERED or np.abs(self.draws).max() > _FARTHEST_DRAW:
            raise PlanningRefused(
                "tracts",
                f"A tract has at most {MOST_PEOPLE_OFFERED:,} children, and its value is a rank from 0 to 1.",
            )
        if not 0 <= check_number("reference", self.reference, "The reference") <= 1:
            raise PlanningRefused("reference", "The reference is a rank from 0 to 1.")
        if self.budget is None and self.most_tracts is None:
            raise PlanningRefused("budget", "Give a budget or a number of tracts; otherwise all of them are chosen.")
        if self.budget is not None:
            if check_number("budget", self.budget, "The budget") < 0:
                raise PlanningRefused("budget", "The budget is below 0. Give the amount that may be spent.")
            if self.budget > MOST_USD:
                raise PlanningRefused(
                    "budget", f"The budget is above {format_whole_dollars(MOST_USD)}. Check for extra zeros."
                )
            if self.cost_per_child is None or check_number("cost_per_child", self.cost_per_child, "The cost") <= 0:
                raise PlanningRefused("cost_per_child", "Give what serving one child costs, more than 0 dollars.")
            if not _LEAST_COST <= self.cost_per_child <= MOST_USD_INTERVENTION:
                raise PlanningRefused(
                    "cost_per_child",
                    f"Serving one child costs from one cent to {format_whole_dollars(MOST_USD_INTERVENTION)}. "
                    "Look for a slip of the key.",
                )
        if self.most_tracts is not None and (type(self.most_tracts) is not int or self.most_tracts < 1):
            raise PlanningRefused("most_tracts", "The number of tracts is a whole number, 1 or more.")
        if self.chosen is not None and len(set(self.chosen)) < len(self.chosen):
            raise PlanningRefused("chosen", "A tract is chosen twice. Name each once.")
        strangers = sorted(set(self.chosen or ()) - set(self.geoids))
        if strangers:
            raise PlanningRefused("chosen", f"These tracts are not among those compared: {', '.join(strangers[:5])}.")


@dataclass(frozen=True)
class ChosenSet:
    """children and cost are sums over the set; regret and need_served over draws, in rank points x children."""

    geoids: tuple[str, ...]
    children: float
    cost: float | None
    within_limits: bool
    need_served: Quantity
    regret: Quantity
    share_of_attainable: float | None  # expected need served / expected need the rule's sets serve


@dataclass(frozen=True)
class TargetComparison:
    """times_chosen: geoid -> share of draws in which the rule chooses the tract, in the order given."""

    times_chosen: dict[str, float]
    by_mean: ChosenSet  # the rule applied to the mean of the draws
    chosen: ChosenSet | None  # the planner's
    attainable: Quantity  # need served by the set the rule finds in each draw
    rule: str
    sentences: tuple[str, ...]
    draws: int


def choose(need: np.ndarray, plan: TargetInput) -> np.ndarray:
    """bool (D, J): the rule's set for each row of need (D, J), in rank points per child."""
    children = np.asarray(plan.children, float)
    order = _order(need if plan.budget is not None else need * children, children)
    in_need = (np.take_along_axis(need, order, axis=1).T > 0) & (children[order].T > 0)
    most = len(children) if plan.most_tracts is None else plan.most_tracts
    if plan.budget is None:
        fits = in_need & (np.arange(len(children)) < most)[:, None]
    else:
        assert plan.cost_per_child is not None, "TargetInput refuses a budget without a cost per child"
        fits = _fill(in_need, children[order].T, plan.budget / plan.cost_per_child * (1 + 1e-12), most)
    taken = np.zeros(need.shape, bool)
    np.put_along_axis(taken, order, fits.T, axis=1)
    return taken


def _order(weight: np.ndarray, children: np.ndarray) -> np.ndarray:
    """int (D, J): columns by weight, highest first; equal ones by children, then as given."""
    first = np.argsort(-children, kind="stable")
    falling = -weight[:, first]
    order = np.argsort(falling, axis=1)  # twice as fast as the stable sort, and the same unless two are equal
    ordered = np.take_along_axis(falling, order, axis=1)
    if np.any((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] < 0)):
        order = np.argsort(falling, axis=1, kind="stable")
    return first[order]


def _fill(in_need: np.ndarray, sizes: np.ndarray, room: float, most: int) -> np.ndarray:
    """bool (J, D): taken in order while the children fit into the room left; in_need and sizes (J, D)."""
    sizes = np.ascontiguousarray(sizes)
    left, places = np.full(sizes.shape[1], room), np.full(sizes.shape[1], most)
    fits = np.zeros(sizes.shape, bool)
    smallest = sizes[:, 0].min()
    for at in range(len(sizes)):
        fits[at] = in_need[at] & (sizes[at] <= left) & (places > 0)
        left -= np.where(fits[at], sizes[at], 0.0)
        places -= fits[at]
        if not np.any((left >= smallest) & (places > 0)):
            break
    return fits


def compare_targets(plan: TargetInput) -> TargetComparison:
    """Tracts chosen draw by draw; the set by the mean of the draws and the planner's own set held against them."""
    need = 100 * np.maximum(plan.reference - np.asarray(plan.draws, float), 0.0)
    taken = choose(need, plan)
    served = need * np.asarray(plan.children, float)
    best = np.einsum("dj,dj->d", served, taken)
    mean = 100 * np.maximum(plan.reference - np.asarray(plan.draws, float).mean(axis=0, keepdims=True), 0.0)
    index = {geoid: at for at, geoid in enumerate(plan.geoids)}
    own = None if plan.chosen is None else np.array([index[geoid] for geoid in plan.chosen], int)
    times = dict(zip(plan.geoids, taken.mean(axis=0).tolist(), strict=True))
    by_mean = _compare_with(plan, np.flatnonzero(choose(mean, plan)[0]), served, best)
    chosen = None if own is None else _compare_with(plan, own, served, best)
    sentences = _times_sentence(times) + _set_sentence("the tracts chosen by their average", by_mean)
    if chosen is not None:
        sentences += _set_sentence("the plan's tracts", chosen)
    attainable = from_draws(best, NEED_UNIT)
    return TargetComparison(times, by_mean, chosen, attainable, _rule_sentence(plan), sentences, len(best))


def _compare_with(plan: TargetInput, at: np.ndarray, served: np.ndarray, best: np.ndarray) -> ChosenSet:
    own = served[:, at].sum(axis=1)
    children = float(np.asarray(plan.children, float)[at].sum())
    cost = None if plan.cost_per_child is None else children * plan.cost_per_child
    within = (plan.budget is None or cost is None or cost <= plan.budget * (1 + 1e-9)) and (
        plan.most_tracts is None or len(at) <= plan.most_tracts
    )
    return ChosenSet(
        tuple(plan.geoids[i] for i in at),
        children,
        cost,
        within,
        from_draws(own, NEED_UNIT),
        from_draws(np.maximum(best - own, 0.0), NEED_UNIT),
        float(own.mean() / best.mean()) if best.any() else None,
    )


def _times_sentence(times: dict[str, float]) -> tuple[str, ...]:
    sure, never = (sum(test(share) for share in times.values()) for test in (CLEAR.__le__, (1 - CLEAR).__ge__))
    return (
        f"Of {len(times)} tracts {sure} would be chosen in at least {100 * CLEAR:.0f} of 100 draws and {never} in at "
        f"most {100 * (1 - CLEAR):.0f}; for the other {len(times) - sure - never} the estimates cannot tell.",
    )


def _set_sentence(name: str, found: ChosenSet) -> tuple[str, ...]:
    said = []
    if not found.within_limits:
        said.append(f"{name[:1].upper()}{name[1:]} go beyond the budget or the number of tracts allowed.")
    if found.share_of_attainable is not None:
        said.append(
            f"With {name}, the need served is expected to be {100 * found.share_of_attainable:.0f}% of what could be "
            f"served by someone who knew every tract's true value; {format_range(found.regret)} are left."
        )
    return tuple(said)


def _rule_sentence(plan: TargetInput) -> str:
    tracts = "1 tract" if plan.most_tracts == 1 else f"{plan.most_tracts} tracts"
    most = "" if plan.most_tracts is None else f", at most {tracts}"
    if plan.budget is None:
        return (
            f"Need is the distance to {plan.reference_words}, times the children of a tract. The tracts with the most "
            f"need are taken first{most}."
        )
    return (
        f"Need is the distance to {plan.reference_words}. Tracts are taken by need per child, highest first, as long "
        f"as all of a tract's children fit into {format_whole_dollars(plan.budget)} at "
        f"{format_whole_dollars(plan.cost_per_child)} a child{most}."
    )

"""Synthetic control: one place with the program against a weighted mean of places without it.

The weights are at least 0, sum to 1, and make the mean follow the place before the program as closely as they can
(Abadie, Diamond and Hainmueller 2010, outcomes before as the only predictors). The effect is the mean gap after. Each
comparison place is then treated as if it had had the program, with all other places - the one with the program too - to
build its own mean from: if chance could have given any of them the program, the share of places whose gap is at least
as large, next to how well their own mean followed them before, is an exact p. Only places that could be followed
as closely as the registered limit asks are counted, the one with the program among them. A place that another mean
follows exactly, up to rounding, tells nothing about what chance does: it is not counted, and no verdict is possible if
it is the one with the program.

The interval is that test inverted: all effects, the same in every period after, that it does not reject at 5%.
"""

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.counted_units import counted as counted_words
from engagements.pilots.rules.estimators.panel import Panel, build_panel, refuse_gaps
from engagements.pilots.rules.estimators.placebos import Places, count_placebos, follow_each, leave_one_out
from engagements.pilots.rules.estimators.starts import split_periods
from engagements.pilots.rules.registration import Registration

METHOD = "synthetic"
LEAST_DONORS = 19  # smallest p 1/20
MOST_DONORS = 500  # each place is followed by all others: the time grows with the third power
LEAST_PERIODS_BEFORE = 12
WORTH_LEAVING_OUT = 0.01
CAP_FEW_BEFORE = "Fewer than 12 periods before the program were measured, so that a good fit says little."


def synthetic(registration: Registration, data: PilotData, treated: str) -> Answer:
    """The mean gap after, with the exact placebo test and its inversion as interval.

    Refuses several treated places, fewer than 19 comparison places followed as closely as the registered limit, no
    registered limit, and a treated place that misses it. `details`: `weights` by `places`, `misfit`, `gap` by period,
    `without_one_place` (lowest and highest effect when one weighty place is left out).
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    first = split_periods(registration, panel, METHOD)
    if isinstance(first, Refused):
        return first
    is_treated = panel.is_treated
    if refused := _refuse_places(panel, int(is_treated.sum()), first):
        return refused
    limit = registration.limits.pre_fit
    if limit is None:
        return Refused(
            METHOD, "No limit of the earlier fit was registered.", "The largest misfit before, in the outcome’s unit."
        )
    chosen = int(np.argmax(is_treated))
    places = follow_each(panel.means, first)
    if not places.misfit[chosen] <= limit:
        return Refused(
            METHOD,
            f"No mean of comparison places follows the place closely: it misses by {places.misfit[chosen]:.3g}.",
            f"A misfit of at most {limit:g} before the program.",
        )
    if places.is_exact[chosen]:
        return Refused(
            METHOD,
            "A mean of comparison places follows the place exactly, so that chance has no measure.",
            "Outcomes of places that differ before the program.",
        )
    counted = places.within(limit)
    if counted.size - 1 < LEAST_DONORS:
        return Refused(
            METHOD,
            f"{_only(counted.size - 1)} can be followed as closely, but not exactly.",
            f"At least {LEAST_DONORS} comparison places are needed.",
        )
    level = registration.assumptions.level
    found = count_placebos(places, chosen, counted, 1 - level / 100)
    if not np.isfinite([found.low, found.high]).all():
        return Refused(
            METHOD,
            "Comparison places lean on the place with the program, so that no effect can be ruled out.",
            "More comparison places.",
        )
    details = _details(panel, places, chosen, first)
    return Estimate(
        method=METHOD,
        value=float(places.gap[chosen]),
        standard_error=None,
        low=found.low,
        high=found.high,
        level=level,
        df=None,
        p=found.p,
        attainable_p=found.attainable_p,
        second=found.as_second_test(),
        people=panel.largest_count,
        units=counted.size,
        caps=(CAP_FEW_BEFORE,) if first < LEAST_PERIODS_BEFORE else (),
        notes=_notes(int(places.is_exact.sum())),
        details=details,
    )


def _only(places: int) -> str:
    """Worked: Only 18 comparison places; Only 1 comparison place; No comparison places."""
    words = counted_words(places, "comparison place")
    return f"Only {words}" if places else words.capitalize()


def _notes(exact: int) -> tuple[str, ...]:
    notes = ["The interval counts places, not people: it assumes that any of them could have got the program."]
    if exact:
        verb = "is" if exact == 1 else "are"
        notes.append(
            f"{counted_words(exact, 'place')} that others follow exactly before the program {verb} not counted."
        )
    return tuple(notes)


def _refuse_places(panel: Panel, treated: int, first: int) -> Refused | None:
    donors = len(panel.groups) - treated
    if not donors:
        return Refused(
            METHOD,
            "Nobody was left without the program to compare with.",
            f"At least {LEAST_DONORS} comparison places are needed.",
        )
    if treated != 1:
        return Refused(METHOD, f"{treated} places got the program.", "Exactly one place with the program.")
    if donors < LEAST_DONORS:
        return Refused(
            METHOD,
            f"{_only(donors)} {'was' if donors == 1 else 'were'} measured.",
            f"At least {LEAST_DONORS} comparison places are needed.",
        )
    if donors > MOST_DONORS:
        return Refused(
            METHOD,
            f"{donors:,} comparison places were measured.",
            f"At most {MOST_DONORS}, chosen before the outcome is known.",
        )
    if not 0 < first < len(panel.periods):
        return Refused(
            METHOD, "The data do not reach from before the program to after its start.", "Periods before and after."
        )
    return refuse_gaps(panel, METHOD)


def _details(panel: Panel, places: Places, chosen: int, first: int) -> dict[str, float | str | list[float] | None]:
    weights = places.weights[chosen]
    weighty = [int(place) for place in np.argsort(-weights) if weights[place] >= WORTH_LEAVING_OUT]
    gaps = panel.means[chosen] - weights @ panel.means
    least, most = leave_one_out(panel.means, chosen, weighty, first)
    return {
        "places": ", ".join(panel.groups[place] for place in weighty),
        "weights": [float(weights[place]) for place in weighty],
        "misfit": float(places.misfit[chosen]),
        "without_one_place": [least, most],
        "periods_before": float(first),
        "periods": ", ".join(panel.periods),
        "gap": gaps.tolist(),
    }

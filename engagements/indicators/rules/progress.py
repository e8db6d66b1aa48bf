"""How far an indicator came on the way from its baseline to its target, and the rule that makes it red, amber or green.

Nothing here says why it moved: that takes a design with a comparison.
"""

from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_day
from engagements.base.ratings import Color, Rating
from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.indicators.rules.staleness import Due
from engagements.indicators.rules.units import format_share

# On track: at least nine tenths of the way that the time gone asks for; late: less than six tenths of it.
ON_TRACK, LATE = 0.9, 0.6
EARLY = 0.1  # of the time: before it nothing is judged
RULE = (
    "On track: the share of the way done is at least nine tenths of the share of the time gone. Late: it is less than"
    " six tenths, or the target day has passed. Behind: between. Data overdue: it was on track, and a newer value is"
    " due. Nothing is judged in the first tenth of the time."
)


@dataclass(frozen=True)
class Progress:
    """`way` and `time` are shares, 1 at the target; `way` may be below 0 or above 1. `reason`: why it is None."""

    way: float | None
    time: float | None
    reason: str = ""


def progress_at(definition: IndicatorDefinition, *, value: float | None, on: date | None, due: Due) -> Progress:
    """(value - baseline) / (target - baseline), and the time gone from the baseline's day to the target's at `on`.

    `on` is the end of the value's period: what came after it is not known.
    """
    if value is None or on is None:
        if due.due_on and not due.is_stale:
            return Progress(None, None, f"Not due yet: the first value is due on {format_day(due.due_on)}.")
        return Progress(None, None, "No approved value yet.")
    if definition.target is None:
        return Progress(None, None, "No target set.")
    if definition.baseline is None:
        return Progress(None, None, "No baseline was set, so there is no way to measure.")
    assert definition.baseline_on is not None and definition.target_on is not None, "each is set with its day"
    if on <= definition.baseline_on:
        return Progress(None, None, "The last approved value is not later than the baseline.")
    time = min(1.0, (on - definition.baseline_on).days / (definition.target_on - definition.baseline_on).days)
    if definition.target == definition.baseline:
        kept = value >= definition.target if definition.direction == "rising" else value <= definition.target
        words = "It is kept." if kept else "It is not kept."
        return Progress(None, time, f"The target is to stay at the baseline: there is no way to go. {words}")
    return Progress((value - definition.baseline) / (definition.target - definition.baseline), time)


def rate(definition: IndicatorDefinition, progress: Progress, *, value: float | None, due: Due, today: date) -> Rating:
    """Always with the rule that made it."""
    if value is None:
        if due.is_stale:
            assert due.due_on is not None, "only what was due is stale"
            rule = f"no approved value yet, and the first was due on {format_day(due.due_on)}"
            return Rating(Color.AMBER, "no value", rule)
        return Rating(Color.NONE, "no value", progress.reason)
    if definition.target is not None and definition.target == definition.baseline and progress.time is not None:
        kept = progress.reason.endswith("It is kept.")
        return _not_stale(
            Rating(Color.GREEN, "on track", progress.reason) if kept else Rating(Color.RED, "late", progress.reason),
            due,
        )
    if progress.way is None:
        return Rating(Color.NONE, "not judged", progress.reason)
    assert progress.time is not None and definition.target_on is not None, "a way is measured between two days"
    way, time = format_share(progress.way), format_share(progress.time)
    said = f"{time} of the time is gone and {way} of the way is done"
    if progress.way < 0:
        said = f"{time} of the time is gone and it moved away from the target"
    if progress.way >= 1:
        return Rating(Color.GREEN, "target reached", f"target reached: {way} of the way is done")
    if today > definition.target_on:
        done = f"{way} of the way is done" if progress.way >= 0 else "it moved away from the target"
        return Rating(Color.RED, "late", f"late: the target was for {format_day(definition.target_on)} and {done}")
    if progress.time < EARLY:
        return Rating(Color.NONE, "not judged", f"too early to judge: {said}")
    ratio = progress.way / progress.time + 1e-9  # nine tenths exactly are nine tenths
    if ratio < LATE:
        return Rating(Color.RED, "late", f"late: {said}")
    if ratio < ON_TRACK:
        return Rating(Color.AMBER, "behind", f"behind: {said}")
    return _not_stale(Rating(Color.GREEN, "on track", f"on track: {said}"), due)


def _not_stale(rating: Rating, due: Due) -> Rating:
    """Nobody knows whether something is still on track whose value is overdue; that is no reason to call it behind."""
    if rating.colour is not Color.GREEN or not due.is_stale:
        return rating
    assert due.due_on is not None, "only what was due is stale"
    said = rating.rule.removeprefix("on track: ").removesuffix(".")
    return Rating(Color.AMBER, "data overdue", f"data overdue since {format_day(due.due_on)}: {said}")

"""What a test can find, as the form shows it beside the effect worth having: a sentence, a table, a curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, log10

from django.utils.translation import gettext as _

from engagements.pilots.rules.checks import cautions
from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.power.designs import NO_FORMULA
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.power.tables import SampleSize, power_curve, sample_sizes
from engagements.pilots.rules.registration import OVER_TIME, Registration
from engagements.pilots.rules.sentences import example_sentence
from engagements.pilots.views.shown_effects import size_words

WIDTH, HEIGHT, LEFT, BOTTOM = 288, 160, 40, 28  # of the curve: as wide as the panel beside the form


@dataclass(frozen=True)
class Curve:
    """Points of a line in the picture's units; `ticks`: (place, number) below, in `unit`; `worth`: place of the effect
    worth having, None beyond the picture."""

    points: str
    ticks: tuple[tuple[float, str], ...]
    worth: float | None
    power_at_worth: str
    unit: str


@dataclass(frozen=True)
class PowerShown:
    """`sentence`: what it can detect, or why that cannot be said. `is_enough`: at most the effect worth having.

    `example`: how a verdict would read that says it worked, so that a wrong direction is seen; "" while words for it
    are missing. `is_drawn`: reckoned from the groups as they were drawn; then nobody chooses numbers any more.
    `sizes`: each effect in words, with the people it takes. `is_over_time`: no formula holds, a simulation may be
    asked for.
    """

    sentence: str
    needed: str
    is_enough: bool | None
    cautions: tuple[str, ...]
    sizes: tuple[tuple[str, SampleSize], ...] = ()
    curve: Curve | None = None
    example: str = ""
    is_drawn: bool = False
    is_over_time: bool = False


def power_shown(plan: Registration, clusters: Sequence[DrawnCluster] = (), *, is_locked: bool = False) -> PowerShown:
    """Of a draft, whole or not; `clusters`: as drawn, once they are. Under 100 ms: it is asked for while one types.

    `is_locked`: for readers of the locked plan, who cannot simulate.
    """
    drawn = clusters or None
    plan = replace(plan, people=plan.people or _("people"), unit=plan.unit or _("group"))
    found = detectable(plan, drawn, is_locked=is_locked)
    example = _example(plan)
    if isinstance(found, Refused):
        told = tuple(sentence for _field, sentence in cautions(plan))
        over_time = plan.design in OVER_TIME
        reason, needed = (NO_FORMULA, "") if over_time and is_locked else (found.reason, found.needed)
        return PowerShown(_sentence(reason), _sentence(needed), None, told, example=example, is_over_time=over_time)
    worth = plan.smallest_worthwhile
    told = tuple(sentence for _field, sentence in cautions(plan))  # its own sentence says what is out of reach
    curve = power_curve(plan, drawn)
    return PowerShown(
        found.sentence,
        "",
        found.value <= worth if worth > 0 else None,
        told,
        () if drawn else tuple((size_words(one.effect, plan.outcome), one) for one in sample_sizes(plan)),
        draw_curve(curve, worth, plan.outcome.unit) if curve else None,
        example,
        drawn is not None,
    )


def draw_curve(points: Sequence[tuple[float, float]], worth: float, unit: str) -> Curve:
    """(effect, percent) as a line; effects from 0 at the left to the largest at the right."""
    top = points[-1][0] or 1.0

    def x_of(effect: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 12) * effect / top, 1)

    def y_of(percent: float) -> float:
        return round((HEIGHT - BOTTOM) - (HEIGHT - BOTTOM - 12) * percent / 100, 1)

    line = " ".join(f"{x_of(effect)},{y_of(percent)}" for effect, percent in points)
    step = _round_step(top / 4)
    ticks = tuple((x_of(step * part), f"{step * part:,.10g}") for part in range(int(top / step + 1e-9) + 1))
    near = min(points, key=lambda one: abs(one[0] - worth))
    said = _("about {percent}%").format(percent=round(near[1])) if 0 < worth <= top else ""
    return Curve(line, ticks, x_of(worth) if 0 < worth <= top else None, said, unit)


def _round_step(least: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, at least `least`. Worked: 2.6 -> 5; 4 -> 5; .2 -> .2."""
    power = 10.0 ** floor(log10(least))
    return next(power * one for one in (1.0, 2.0, 2.5, 5.0, 10.0) if power * one >= least * (1 - 1e-9))


def _example(plan: Registration) -> str:
    words = (plan.people, plan.outcome.name, plan.unit)
    return example_sentence(plan) if plan.smallest_worthwhile > 0 and all(one.strip() for one in words) else ""


def _sentence(words: str) -> str:
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') or not words else '.'}"

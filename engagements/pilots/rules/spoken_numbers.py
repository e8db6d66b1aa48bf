"""Effects as a mayor reads them: "6 more", "between 2 fewer and 2 more", "$329 lower"; never rounded across a limit."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engagements.pilots.rules.registration import Outcome, OutcomeKind
from engagements.verdicts import Wanted

MOST_DECIMALS = 4
_DOLLARS = re.compile(r"(?:us |u\.s\. )?(?:dollars?|usd|\$)(?P<rest>\W.*)?", re.IGNORECASE)


def dollar_rest(unit: str) -> str | None:
    """What a unit of money says after its dollars: "dollars a month" -> " a month", "USD" -> ""; None of others."""
    found = _DOLLARS.fullmatch(unit.strip())
    return None if found is None else found["rest"] or ""


@dataclass(frozen=True)
class Spoken:
    """Writes effects of one outcome with the same number of decimals.

    A share is told in gains ("more" is better: people with the good answer), a mean as it moved ("higher", "lower").
    """

    outcome: Outcome
    decimals: int

    @property
    def is_share(self) -> bool:
        return self.outcome.kind == OutcomeKind.SHARE

    def size(self, value: float) -> str:
        """Without direction: "6", "$329", "3 days"."""
        number = f"{round(abs(value), self.decimals):,.{self.decimals}f}"
        if "." in number:
            number = number.rstrip("0").rstrip(".")
        if self.is_share:
            return number
        if (rest := dollar_rest(self.outcome.unit)) is not None:
            return f"${number}{rest}"
        return f"{number} {self.outcome.unit.strip()}"

    def direction(self, gain: float) -> str:
        """ "more" or "fewer" of people; "higher" or "lower" of a mean, as it moved; "" where nothing changed."""
        if not round(gain, self.decimals):
            return ""
        if self.is_share:
            return "more" if gain > 0 else "fewer"
        return "higher" if (gain > 0) == (self.outcome.better == Wanted.MORE) else "lower"

    def change(self, gain: float) -> str:
        """ "6 more", "$329 lower", "no change"."""
        way = self.direction(gain)
        return f"{self.size(gain)} {way}" if way else "no change"

    def between(self, low: float, high: float, per: str = "") -> str:
        """Both ends, `low` and `high` in gains, and `per` (" in 100") after the last number. Worked for shares:
        (2, 10) -> "between 2 and 10 more"; (-10, -2) -> "between 2 and 10 fewer"; (-2, 2.4) -> "between 2 fewer and 2
        more"; (2, inf) -> "from 2 more up, with no upper end"."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._open(low, high, per)
        return f"{self._closed(low, high)}{per}"

    def _closed(self, low: float, high: float) -> str:
        ends = [low, high]
        if self.direction(low) == self.direction(high) and self.direction(low):
            small, large = sorted(ends, key=abs)
            return f"between {self._bare(small)} and {self.change(large)}"
        if not self.is_share and self.outcome.better == Wanted.LESS:
            ends.reverse()  # lower first
        return f"between {self.change(ends[0])} and {self.change(ends[1])}"

    def _bare(self, value: float) -> str:
        """The first of two sizes of one unit: "between 2 and 10 days", but "between $2 and $10"."""
        size = self.size(value)
        return (
            size.removesuffix(f" {self.outcome.unit.strip()}") if not size.startswith("$") else size.partition(" ")[0]
        )

    def _open(self, low: float, high: float, per: str) -> str:
        """As it moved: where less is better, no end of the gain is no lower end of a mean."""
        if not (math.isfinite(low) or math.isfinite(high)):
            return "anywhere, without limits"
        end = low if math.isfinite(low) else high
        is_turned = not self.is_share and self.outcome.better == Wanted.LESS
        if math.isfinite(low) != is_turned:
            return f"from {self.change(end)}{per} up, with no upper end"
        if self.direction(end) in ("fewer", "lower"):
            return f"from {self.change(end)}{per} down, with no lower end"
        return f"up to {self.change(end)}{per}, with no lower end"


def speak(outcome: Outcome, shown: Sequence[float], limits: Sequence[float]) -> Spoken:
    """As few decimals as keep every shown number on its side of every limit, and different numbers apart.

    `limits`: 0 and the smallest worthwhile effect, in gains. Worked: shown (0.4, 1, 1.6), limits (0, 4): whole numbers
    would make 0.4 nothing, so one decimal: "0.4", "1", "1.6". Shown (-2, 2.4): whole numbers, "2 fewer", "2 more".
    """
    finite = [value for value in shown if math.isfinite(value)]
    return Spoken(outcome, next((n for n in range(MOST_DECIMALS) if _keeps(finite, limits, n)), MOST_DECIMALS))


def _keeps(shown: Sequence[float], limits: Sequence[float], decimals: int) -> bool:
    def side(value: float, limit: float) -> int:
        return (value > limit) - (value < limit)

    rounded = [round(value, decimals) for value in shown]
    on_their_side = all(
        side(value, limit) == side(near, limit) for value, near in zip(shown, rounded, strict=True) for limit in limits
    )
    return on_their_side and len(set(rounded)) == len(set(shown))

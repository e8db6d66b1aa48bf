"""What the picture of one effect shows."""

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class EffectLine:
    """In the shown unit, signs as measured. `worth` and `detectable`: toward what is wanted, so below 0 where less is
    better; None: not known. `label`: the effect in words, `worth_words` and `detectable_words` these two; `words` say
    it all to those who can't see it."""

    value: float
    low: float
    high: float
    label: str
    words: str
    worth: float | None = None
    worth_words: str = ""
    detectable: float | None = None
    detectable_words: str = ""
    detectable_label: str = ""
    worth_label: str = ""
    no_effect_label: str = ""
    is_money: bool = False

    @property
    def ends(self) -> tuple[float, ...]:
        """What the axis must hold."""
        marks = (self.value, self.low, self.high, self.worth, self.detectable, 0.0)
        return tuple(one for one in marks if one is not None and isfinite(one))

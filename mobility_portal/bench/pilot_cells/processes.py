"""How outcomes of one group or series move from period to period, made up: (..., periods), new noise of SD 1 each."""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats

RUN_IN = 60  # periods thrown away, so that the first one shown is like the others


@dataclass(frozen=True)
class Process:
    """`memory`: of the values 1, 2, ... periods before; `echo`: of the noise of the period before."""

    words: str
    memory: tuple[float, ...] = ()
    echo: float = 0.0
    has_heavy_tails: bool = False
    has_season: bool = False

    def draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        length = shape[-1] + RUN_IN
        noise = random.normal(size=(*shape[:-1], length))
        if self.has_heavy_tails:
            noise = random.standard_t(4, size=noise.shape) / np.sqrt(2)
        values = noise.copy()
        values[..., 1:] += self.echo * noise[..., :-1]
        for period in range(1, length):
            for back, share in enumerate(self.memory, start=1):
                if period >= back:
                    values[..., period] += share * values[..., period - back]
        values = values[..., RUN_IN:]
        if self.has_season:
            begin = random.random((*shape[:-1], 1))
            values = values + np.sin(2 * np.pi * (np.arange(shape[-1]) / 12 + begin))
        return values


INDEPENDENT = Process("independent periods")
PROCESSES = (
    INDEPENDENT,
    Process("autocorrelation .3", (0.3,)),
    Process("autocorrelation .6", (0.6,)),
    Process("autocorrelation .9", (0.9,)),
    Process("second-order autocorrelation .5 and .3", (0.5, 0.3)),
    Process("random walk", (1.0,)),
    Process("moving average .6", (), 0.6),
    Process("autocorrelation .4, heavy tails", (0.4,), has_heavy_tails=True),
    Process("autocorrelation .4 and a season", (0.4,), has_season=True),
)

"""Smooth random fields and positive skewed draws from plain arithmetic.

Only + - * / and square roots are used on the numpy Generator's draws: these are correctly rounded
everywhere, so files are byte-identical between machines. Vectorised exp, log and sin are not.
"""

import numpy as np

SAMPLE_SEED = 20181001


def generator(seed: int, stream: int) -> np.random.Generator:
    """An independent stream; PCG64 is named because numpy may change its default."""
    return np.random.Generator(np.random.PCG64([seed, stream]))


def wave(turns: np.ndarray) -> np.ndarray:
    """A parabolic stand-in for a sine of period 1 and amplitude 1."""
    phase = turns - np.floor(turns) - 0.5
    return 16.0 * phase * (np.abs(phase) - 0.5)


def smooth_field(x: np.ndarray, y: np.ndarray, length: np.ndarray | float, rng: np.random.Generator, waves: int = 16):
    """A field of mean about 0 and SD about 1 over points; `length` is the correlation length in x's unit."""
    total = np.zeros(len(x))
    for _ in range(waves):
        east, north = rng.standard_normal(2)
        norm = np.sqrt(east * east + north * north)
        stretch = 0.12 + 0.3 * rng.random()
        total += wave((east * x + north * y) / (norm * length) * stretch + rng.random())
    return total * np.sqrt(15.0 / 8.0 / waves)


def odds(z: np.ndarray) -> np.ndarray:
    """A positive, monotone multiplier with odds(-z) = 1 / odds(z), for shares that must stay in (0, 1)."""
    return (np.sqrt(1.0 + z * z) + z) ** 2


def squash(z: np.ndarray) -> np.ndarray:
    """Monotone map of the line onto (0, 1), 0 -> .5."""
    return 0.5 + 0.5 * z / np.sqrt(1.0 + z * z)

"""Random numbers that are the same on every machine: PCG64 of numpy, read 64 bits at a time.

Only the raw output of the generator is used. NumPy promises that it stays the same; it does not promise so of
`shuffle`, `permutation` or `choice`.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

SEED_BYTES = 16


def seed_number(seed: str, list_sha256: str) -> int:
    """The first 16 bytes of SHA-256 of the seed's text, a line break and the fingerprint of the list, as one number.

    The fingerprint goes in so that a seed that was known before gives nobody a way to arrange the list.
    """
    digest = hashlib.sha256(f"{seed}\n{list_sha256}".encode()).digest()
    return int.from_bytes(digest[:SEED_BYTES], "big")


class Stream:
    """Numbers in the order they are asked for."""

    def __init__(self, seed: str, list_sha256: str):
        self._bits = np.random.PCG64(seed_number(seed, list_sha256))

    def fraction(self) -> float:
        """From 0 to below 1: the next 64 bits by 2^64, cut to 53 bits."""
        return (int(self._bits.random_raw()) >> 11) / 2.0**53

    def shuffled(self, names: Iterable[str]) -> list[str]:
        """Each name, in the order it is sorted in, gets the next number; then they are sorted by number, and name."""
        numbered = [(int(self._bits.random_raw()), name) for name in sorted(names)]
        return [name for _, name in sorted(numbered)]

"""tract_outcomes_early.csv at any width and length, streamed in bounded memory, for size tests.

Numbers have fixed decimals (8 for ranks, shares and errors, 4 for counts) instead of 8 significant
digits, so that digits can be laid out by table lookup: some 10 million fields a second. Estimates and
standard errors are blank where fewer than 20 children stand behind a cell; standard errors follow
sigma / sqrt(n). Columns of one cell agree with each other, not with the simple file.
"""

from pathlib import Path

import numpy as np

from atlas.sample.columns import choose_early_columns
from atlas.sample.fields import SAMPLE_SEED, generator
from atlas.sample.national import NATIONAL_TRACTS, national_tract_list
from atlas.sample.outcomes import MINIMUM_CHILDREN, draw_latent

CELLS_AT_ONCE = 500_000  # bounds memory: about 60 bytes a field while digits are laid out
CELL_BYTES = 11  # comma, then sign, point and 8 digits, or 5 digits, point and 4 decimals
SHARE = np.dtype([("comma", "u1"), ("sign", "u1"), ("point", "u1"), ("high", "<u4"), ("low", "<u4")])
COUNT = np.dtype([("comma", "u1"), ("tens", "u1"), ("whole", "<u4"), ("point", "u1"), ("decimals", "<u4")])
LEVELS = {"kfr": 0.42, "kir": 0.44, "jail": 0.02, "par": 0.43, "spouse": 0.45, "teenbrth": 0.2, "working": 0.75}
RACE_SHIFT = {"white": 0.02, "black": -0.07, "hisp": -0.02, "asian": 0.08, "natam": -0.08, "other": 0.0, "pooled": 0.0}
PARENT_SHIFT = {"p1": -0.09, "p10": -0.05, "p25": 0.0, "p50": 0.07, "p75": 0.14, "p100": 0.22, "mean": 0.05}
GENDER_PART = {"pooled": 1.0, "female": 0.492, "male": 0.508}
RACE_COLUMN = {"white": 0, "black": 1, "hisp": 2, "asian": 3, "natam": 3, "other": 3}
SMALL_PART = {"asian": 0.3, "natam": 0.2, "other": 0.5}  # of the residual race share


def _digit_tables() -> tuple[np.ndarray, np.ndarray]:
    """4-byte texts of 0..9999: with leading zeros, and with NUL bytes instead of them."""
    full = np.frombuffer("".join(f"{n:04d}" for n in range(10_000)).encode(), dtype="<u4")
    bare = np.frombuffer(b"".join(str(n).encode().rjust(4, b"\0") for n in range(10_000)), dtype="<u4")
    return full, bare


FULL, BARE = _digit_tables()


class _Layout:
    """What each column holds, as arrays over the value columns (all but ids)."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        cells = [name.removesuffix("_se").removesuffix("_blw_p50_n") for name in names]
        races = [next(race for race in RACE_SHIFT if f"_{race}_" in name) for name in cells]
        genders = [
            next(g for g in ("female", "male", "pooled") if self._has_gender(name, race, g))
            for name, race in zip(cells, races, strict=True)
        ]
        self.is_count = np.array([name.endswith("_n") for name in names])
        self.per_child = np.array([1.8 if name.startswith("kid_") and "_blw_" not in name else 1.0 for name in names])
        self.is_error = np.array([name.endswith("_se") for name in names])
        keys = [(race, gender) for race in RACE_SHIFT for gender in GENDER_PART]
        self.keys = keys
        self.cell = np.array([keys.index(pair) for pair in zip(races, genders, strict=True)])
        stats = [name.removesuffix("_se").rsplit("_", 1)[-1] for name in names]
        level = [LEVELS.get(name.split("_")[0], 0.5) for name in names]
        slope = np.array([0.2 if value == LEVELS["jail"] else 1.0 for value in level])
        sign = np.where(slope < 1, -1.0, 1.0)
        shift = np.array(
            [RACE_SHIFT[race] + PARENT_SHIFT.get(stat, 0.0) for race, stat in zip(races, stats, strict=True)]
        )
        self.level = (np.array(level) + sign * slope * shift).astype(np.float32)
        self.slope = (sign * slope * 0.04).astype(np.float32)
        self.spread = (slope * 0.40).astype(np.float32)

    @staticmethod
    def _has_gender(name: str, race: str, gender: str) -> bool:
        tail = name.split(f"_{race}_")[-1]
        return tail == gender or tail.startswith(f"{gender}_")


def _cell_counts(latent, layout: _Layout) -> np.ndarray:
    """Children per tract and race x gender, float32."""
    counts = np.empty((len(latent.children), len(layout.keys)), dtype=np.float32)
    for column, (race, gender) in enumerate(layout.keys):
        share = latent.shares[:, RACE_COLUMN[race]] * SMALL_PART.get(race, 1.0) if race != "pooled" else 1.0
        counts[:, column] = latent.children * share * GENDER_PART[gender]
    return counts


def _fill(block: np.ndarray, layout: _Layout, counts: np.ndarray, field: np.ndarray, rng: np.random.Generator) -> None:
    """Lay the digits of one block of rows into bytes (rows x columns x 11); NUL bytes are taken out later."""
    behind = counts[:, layout.cell]
    noise = rng.random(behind.shape, dtype=np.float32) * np.float32(3.4) - np.float32(1.7)  # SD about 1
    error = layout.spread / np.sqrt(np.maximum(behind, np.float32(4)))
    value = layout.level + layout.slope * field[:, None] + error * noise
    value = np.where(layout.is_error, error * (np.float32(1) + np.float32(0.1) * np.abs(noise)), value)
    shown = behind >= MINIMUM_CHILDREN
    share = block.view(SHARE)[..., 0]
    number = np.rint(np.minimum(np.abs(value), np.float32(0.9999999)).astype(np.float64) * 1e8).astype(np.int64)
    share["comma"] = ord(",")
    share["sign"] = np.where(shown & (value < 0), ord("-"), 0)
    share["point"] = np.where(shown, ord("."), 0)
    share["high"] = np.where(shown, FULL[number // 10_000], 0)
    share["low"] = np.where(shown, FULL[number % 10_000], 0)
    positions = np.flatnonzero(layout.is_count)
    if len(positions):
        tenths = np.rint(behind[:, positions] * layout.per_child[positions] * 1e4).astype(np.int64)
        few = ~shown[:, positions]
        whole = np.minimum(tenths // 10_000, 9_999)
        cells = np.zeros(few.shape, dtype=COUNT)
        cells["comma"] = ord(",")
        cells["whole"] = np.where(few, 0, BARE[whole])
        cells["point"] = np.where(few, 0, ord("."))
        cells["decimals"] = np.where(few, 0, FULL[tenths % 10_000])
        block[:, positions] = cells[..., None].view(np.uint8).reshape(*few.shape, CELL_BYTES)


def write_early(path: Path, columns: int = 1500, tracts: int = NATIONAL_TRACTS, seed: int = SAMPLE_SEED) -> int:
    """Write `columns` of the 7,825 columns in file order for `tracts` synthetic tracts. Returns rows."""
    names = choose_early_columns(columns)
    split = names.index("cz")
    layout = _Layout(names[3:split] + names[split + 2 :])
    left_width = (split - 3) * CELL_BYTES
    listed = national_tract_list(tracts, seed)
    latent = draw_latent(listed, seed)
    counts = _cell_counts(latent, layout)
    field = latent.opportunity.astype(np.float32)
    ids = [text.split(",", 4) for text in listed.id_text()]
    rng = generator(seed, 7)
    with Path(path).open("wb") as handle:
        handle.write((",".join(names) + "\n").encode())
        step = max(1, CELLS_AT_ONCE // columns)
        for start in range(0, tracts, step):
            rows = slice(start, min(start + step, tracts))
            block = np.empty((rows.stop - start, len(layout.names), CELL_BYTES), dtype=np.uint8)
            if len(layout.names):
                _fill(block, layout, counts[rows], field[rows], rng)
            raw = block.reshape(rows.stop - start, -1)
            parts = []
            for line, (state, county, tract, cz, name) in zip(raw, ids[rows], strict=True):
                cells = line.tobytes()
                front, middle = f"{state},{county},{tract}", f",{cz},{name}"
                parts += [front.encode(), cells[:left_width], middle.encode(), cells[left_width:], b"\n"]
            handle.write(b"".join(parts).translate(None, b"\0"))
    return tracts

"""A national list of synthetic tracts in real counties, for files of any size.

County codes are the Federal Information Processing Standard's. Numbers of tracts per county are drawn,
except for the ten cities' counties. Commuting zone codes outside the ten cities are made up: state
times 1,000 plus a group of five counties.
"""

import numpy as np

from atlas.sample.cities import CITIES, COMMUTING_ZONES, City
from atlas.sample.fields import generator
from atlas.sample.sample_tracts import county_design
from atlas.sample.tracts import CountyDesign, TractList, tract_codes

NATIONAL_TRACTS = 73278

COUNTY_CODES = {  # state FIPS: runs of county codes in steps of two
    1: "1-133",
    2: "13 16 20 50 60 68-70 90 100 105 110 122 130 150 158 164 170 180 185 188 195 198 220 230 240 261 275 282 290",
    4: "1-11 12 13-27",
    5: "1-149",
    6: "1-115",
    8: "1-13 14 15-125",
    9: "1-15",
    10: "1-5",
    11: "1",
    12: "1-23 27-85 86 87-133",
    13: "1-39 43-201 205-321",
    15: "1-3 7-9",
    16: "1-87",
    17: "1-203",
    18: "1-183",
    19: "1-197",
    20: "1-209",
    21: "1-239",
    22: "1-127",
    23: "1-31",
    24: "1-5 9-47 510",
    25: "1-27",
    26: "1-165",
    27: "1-173",
    28: "1-163",
    29: "1-185 186 187-189 195-229 510",
    30: "1-111",
    31: "1-185",
    32: "1-23 27-33 510",
    33: "1-19",
    34: "1-41",
    35: "1-5 6 7-27 28 29-61",
    36: "1-123",
    37: "1-199",
    38: "1-105",
    39: "1-175",
    40: "1-153",
    41: "1-71",
    42: "1-133",
    44: "1-9",
    45: "1-91",
    46: "3-101 102 103-111 115-129 135-137",
    47: "1-189",
    48: "1-507",
    49: "1-57",
    50: "1-27",
    51: "1-35 36 37 41-53 57-121 125-127 131-149 153-187 191-199 "
    "510 520 530 540 550 570 580 590 595 600 610 620 630 640 650 660 670 678-680 683-685 690 700 710 720 730 735 740 "
    "750 760 770 775 790 800 810 820 830 840",
    53: "1-77",
    54: "1-109",
    55: "1-77 78 79-141",
    56: "1-45",
}


def county_codes() -> list[str]:
    """All 5-digit county codes of the fifty states and the District of Columbia, sorted."""
    codes = []
    for state, runs in COUNTY_CODES.items():
        for run in runs.split():
            first, _, last = run.partition("-")
            codes += [f"{state:02d}{county:03d}" for county in range(int(first), int(last or first) + 1, 2)]
    return codes


def _real_designs() -> dict[str, tuple[CountyDesign, int]]:
    zones = {zone.cz: zone for zone in COMMUTING_ZONES}

    def entry(city: City, part):
        return county_design(part, zones[city.cz]), part.tracts

    return {part.fips: entry(city, part) for city in CITIES for part in city.counties}


def _tracts_per_county(codes: list[str], total: int, rng: np.random.Generator) -> np.ndarray:
    """Heavy-tailed sizes that add up to `total`; small totals leave the last counties empty."""
    real = {code: count for code, (_, count) in _real_designs().items()}
    weight = 1.0 / (0.004 + rng.random(len(codes))) ** 1.1
    fixed = np.array([real.get(code, 0) for code in codes])
    if total < fixed.sum() + len(codes):
        sizes = np.zeros(len(codes), dtype=int)
        sizes[: min(total, len(codes))] = 1
        sizes[0] += max(0, total - len(codes))
        return sizes
    free = fixed == 0
    left = total - int(fixed.sum()) - int(free.sum())
    share = np.where(free, weight, 0.0) / weight[free].sum() * left
    sizes = fixed + free + np.floor(share).astype(int)
    rest = total - int(sizes.sum())
    sizes[np.argsort(np.floor(share) - share, kind="stable")[:rest]] += 1
    return sizes


def _invented_design(code: str, number: int, tracts: int, draws: np.ndarray) -> CountyDesign:
    level, black, hisp, other, size = draws.tolist()
    p_black, p_hisp, p_other = 0.45 * black**3, 0.5 * hisp**3, 0.02 + 0.06 * other
    kfr = 0.36 + 0.12 * level
    cz = int(code[:2]) * 1000 + 500 + number // 5
    return CountyDesign(
        code,
        cz,
        f"Zone {cz}",
        kfr,
        (kfr + 0.02, kfr - 0.07, kfr - 0.01),
        (1 - p_black - p_hisp - p_other, p_black, p_hisp, p_other),
        tracts * (150 + 300 * size),
    )


def national_tract_list(tracts: int, seed: int) -> TractList:
    """`tracts` tracts sorted by GEOID. Positions are on a square per county, counties far apart."""
    rng = generator(seed, 4)
    codes = county_codes()
    sizes = _tracts_per_county(codes, tracts, rng)
    draws = rng.random((len(codes), 5))
    real = _real_designs()
    designs, numbers = [], []
    seen: dict[str, int] = {}  # counties so far, by state
    for position, code in enumerate(codes):
        seen[code[:2]] = seen.get(code[:2], -1) + 1
        if sizes[position]:
            invented = _invented_design(code, seen[code[:2]], int(sizes[position]), draws[position])
            designs.append(real[code][0] if code in real else invented)
            numbers.append(int(sizes[position]))
    county = np.repeat(np.arange(len(designs)), numbers)
    within = np.concatenate([np.arange(count) for count in numbers])
    side = np.ceil(np.sqrt(np.array(numbers)))[county]
    return TractList(
        counties=tuple(designs),
        county=county,
        codes=np.concatenate([tract_codes(count) for count in numbers]),
        x=within % side + 1000.0 * county,
        y=np.floor(within / side),
        populated=np.ones(tracts, dtype=bool),
    )

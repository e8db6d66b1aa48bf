"""Synthetic tract outcomes: one engine for the ten cities and for national-size files.

Units: kfr is a mean household income rank 0-1 at parents' rank 25, jail a share 0-1, counts are children
with parents below the national median. Built from cells (tract x race x gender) upwards, so that pooled
values are count-weighted means of their parts. Missing: NaN in estimate, standard error and count alike
where fewer than 20 children stand behind a cell. Values outside 0-1 occur and are left alone.
"""

from dataclasses import dataclass

import numpy as np

from atlas.sample.fields import generator, odds, smooth_field, squash
from atlas.sample.tracts import TractList

RACES = ("white", "black", "hisp", "other")
GENDERS = ("female", "male")
MINIMUM_CHILDREN = 20.0
KFR_SPREAD = np.array([0.045, 0.028, 0.032, 0.03])  # SD over tracts that follows the opportunity field
KFR_GENDER_HALF_GAP = np.array([0.014, 0.029, 0.016, 0.015])  # women minus the race's mean
JAIL_LEVEL = np.array([[0.006, 0.004, 0.003, 0.005], [0.038, 0.115, 0.036, 0.05]])  # women, men
NOISE_EPSILON = 8.0  # privacy noise of counts: SD sqrt(2)/8 children


@dataclass(frozen=True)
class Latent:
    """What a tract is like, before any sampling noise: shared by outcomes, covariates and downloads."""

    opportunity: np.ndarray  # about N(0, 1), smooth over neighbors
    affluence: np.ndarray  # about N(0, 1), correlated .6 with opportunity
    shares: np.ndarray  # tracts x 4 races, children
    children: np.ndarray  # below the median of parents
    kids: np.ndarray  # all under 18
    local: np.ndarray  # tracts x 4, tract's own departure by race, SD 1


def draw_latent(tracts: TractList, seed: int) -> Latent:
    rng = generator(seed, 1)
    size = len(tracts)
    first, second, third, fourth = (smooth_field(tracts.x, tracts.y, length, rng) for length in (2.2, 2.6, 2.0, 2.4))
    opportunity = 0.9 * first + 0.4 * rng.standard_normal(size)
    affluence = 0.55 * first + 0.65 * second + 0.35 * rng.standard_normal(size)
    segregation = -0.7 * first - 0.5 * second + 0.6 * third
    mix = np.array([county.mix for county in tracts.counties])[tracts.county]
    tilt = np.stack([-0.75 * segregation, 0.75 * segregation, 0.6 * fourth, 0.2 * third], axis=1)
    shares = mix * odds(tilt + 0.15 * rng.standard_normal((size, 4)))
    shares /= shares.sum(axis=1, keepdims=True)

    gamma = (rng.standard_exponential(size) + rng.standard_exponential(size)) / 2
    weight = (0.35 + 0.65 * gamma) * (1.25 - 0.7 * squash(affluence))
    weight = np.where(rng.random(size) < 0.012, weight * 0.015, weight)  # airports, campuses, prisons
    weight = np.where(tracts.populated, weight, 0.0)
    per_county = np.bincount(tracts.county, weights=weight, minlength=len(tracts.counties))
    wanted = np.array([county.children for county in tracts.counties])
    children = weight * (wanted / np.where(per_county > 0, per_county, 1.0))[tracts.county]
    below_median = 0.12 + 0.76 * squash(-0.9 * affluence)
    kids = np.rint(children / below_median * (1 + 0.05 * rng.standard_normal(size)))
    return Latent(opportunity, affluence, shares, children, np.maximum(kids, 0.0), rng.standard_normal((size, 4)))


def _center_on(values, weights, county, counties: int) -> np.ndarray:
    """Weighted county means, as a value per county; 0 where nothing is weighed."""
    total = np.bincount(county, weights=weights, minlength=counties)
    return np.bincount(county, weights=weights * values, minlength=counties) / np.where(total > 0, total, 1.0)


def _combine(values, errors, counts, axis):
    """Count-weighted mean and its SE over one axis, cells taken as independent."""
    total = counts.sum(axis=axis)
    safe = np.where(total > 0, total, 1.0)
    mean = (values * counts).sum(axis=axis) / safe
    error = np.sqrt(((errors * counts) ** 2).sum(axis=axis)) / safe
    return mean, error, total


def _calibrate(kfr: np.ndarray, counts: np.ndarray, tracts: TractList) -> np.ndarray:
    """Shift cells by county so that published race and pooled means meet the county's design levels."""
    counties, county = len(tracts.counties), tracts.county
    target = np.array([c.kfr for c in tracts.counties])
    by_race = np.array([c.kfr_by_race for c in tracts.counties])
    for race in range(3):
        mean, _, total = _combine(kfr[:, race], kfr[:, race], counts[:, race], 1)
        seen = np.where(total >= MINIMUM_CHILDREN, total, 0.0)
        got = _center_on(mean, seen, county, counties)
        has = np.bincount(county, weights=seen, minlength=counties) > 0
        kfr[:, race] += np.where(has, by_race[:, race] - got, 0.0)[county][:, None]
    for step in ("other", "all"):
        flat = (kfr * counts).sum(axis=(1, 2))
        total = counts.sum(axis=(1, 2))
        seen = np.where(total >= MINIMUM_CHILDREN, total, 0.0)
        miss = target - _center_on(flat / np.where(total > 0, total, 1.0), seen, county, counties)
        if step == "other":
            part = _center_on(counts[:, 3].sum(axis=1) / np.where(total > 0, total, 1.0), seen, county, counties)
            shift = np.clip(miss / np.where(part > 0, part, 1.0), -0.10, 0.10)
            kfr[:, 3] += np.where(part > 0, shift, 0.0)[county][:, None]
        else:
            kfr += miss[county][:, None, None]
    return kfr


def draw_outcomes(tracts: TractList, latent: Latent, seed: int, cohort: str = "early") -> dict[str, np.ndarray]:
    """The 60 columns of a simple file, float32, NaN where missing.

    `cohort` is "early" (births 1978-83) or "late" (1984-89): the same places, other children, incomes
    measured younger, so levels are not comparable.
    """
    rng = generator(seed, {"early": 2, "late": 3}[cohort])
    size = len(tracts)
    women = 0.492 + 0.012 * rng.standard_normal((size, 4))
    true = latent.children[:, None] * latent.shares
    counts = np.stack([true * women, true * (1 - women)], axis=2)  # tract x race x gender

    levels = np.array([c.kfr_by_race for c in tracts.counties])[tracts.county]
    level = np.concatenate([levels, levels[:, :1] - 0.06], axis=1)
    trend = level + KFR_SPREAD * latent.opportunity[:, None] + 0.014 * latent.local
    half = KFR_GENDER_HALF_GAP[None, :, None] * np.array([1.0, -1.0])
    tails = np.sqrt(1.0 + 0.35 * rng.standard_exponential((size, 4, 2)))
    behind = np.sqrt(np.maximum(counts, 4.0))
    kfr_se = 0.40 * tails / behind
    kfr = trend[:, :, None] + half + kfr_se * rng.standard_normal((size, 4, 2))
    kfr = _calibrate(kfr, counts, tracts)
    if cohort == "late":
        kfr = kfr + 0.006

    rate = JAIL_LEVEL.T[None] * (1.6 - 1.2 * squash(latent.opportunity))[:, None, None]
    jail_se = 1.7 * np.sqrt(rate * (1 - rate)) * np.sqrt(1.0 + 0.5 * rng.standard_exponential((size, 4, 2))) / behind
    jail = rate + jail_se * rng.standard_normal((size, 4, 2))

    columns: dict[str, np.ndarray] = {}

    def publish(race, gender, shown, kfr_pair, jail_pair):
        noisy = shown + np.sqrt(2.0) / NOISE_EPSILON * rng.standard_normal(size)
        hidden = noisy < MINIMUM_CHILDREN
        jail_hidden = hidden | (rng.random(size) < 0.008)
        for outcome, (value, error), gone in (("kfr", kfr_pair, hidden), ("jail", jail_pair, jail_hidden)):
            name = f"{outcome}_{race}_{gender}_p25"
            columns[name] = np.where(gone, np.nan, value).astype(np.float32)
            columns[f"{name}_se"] = np.where(gone, np.nan, error).astype(np.float32)
        columns[f"{race}_{gender}_count"] = np.where(hidden, np.nan, noisy).astype(np.float32)

    for r, race in enumerate(RACES[:3]):
        for g, gender in enumerate(GENDERS):
            publish(race, gender, counts[:, r, g], (kfr[:, r, g], kfr_se[:, r, g]), (jail[:, r, g], jail_se[:, r, g]))
        k = _combine(kfr[:, r], kfr_se[:, r], counts[:, r], 1)
        j = _combine(jail[:, r], jail_se[:, r], counts[:, r], 1)
        publish(race, "pooled", k[2], k[:2], j[:2])
    for g, gender in enumerate(GENDERS):
        k = _combine(kfr[:, :, g], kfr_se[:, :, g], counts[:, :, g], 1)
        j = _combine(jail[:, :, g], jail_se[:, :, g], counts[:, :, g], 1)
        publish("pooled", gender, k[2], k[:2], j[:2])
    flat = counts.reshape(size, 8)
    k = _combine(kfr.reshape(size, 8), kfr_se.reshape(size, 8), flat, 1)
    j = _combine(jail.reshape(size, 8), jail_se.reshape(size, 8), flat, 1)
    publish("pooled", "pooled", k[2], k[:2], j[:2])
    return columns

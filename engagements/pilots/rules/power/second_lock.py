"""How much larger an effect must be because the second test has to find it too."""

from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.locks import Lock
from engagements.pilots.rules.estimators.patterns import has_mirror

# (smallest possible p by the level it must beat, factor). Where only the most extreme draw counts, the formula for CR2
# alone promised 80 and gave 58 to 77 percent; with these factors the bench finds 75 or more in every design.
STEPS = ((0.50, 1.20), (0.35, 1.12), (0.15, 1.04), (0.0, 1.02))
ONE_DRAW_ONLY = 1.30  # 3 or 4 of 7: one draw of 35, without a mirror image


def second_lock_factor(sums: ClusterSums, lock: Lock) -> float:
    """Worked: 7 clusters, 3 treated: 1.3; 8, 4: 1.2; 8, 3: 1.12; 10, 3: 1.04; 20, 10: 1.02."""
    share = lock.attainable_p / lock.alpha
    if share >= STEPS[0][0] and lock.second == "randomization" and len(sums.blocks) == 1 and not has_mirror(sums):
        return ONE_DRAW_ONLY
    return next(factor for least, factor in STEPS if share >= least)

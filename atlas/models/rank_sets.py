"""Rank sets of a city's tracts, worked out by a worker after a flip: no page waits for them."""

from django.db import models

from atlas.models.geography import City
from atlas.models.releases import Release

RANK_METHOD = "simultaneous"  # of the sets the portal makes now; change it with the formula


class TractRankSet(models.Model):
    """All rank sets of one city on one measure of one release.

    Packed, aligned arrays: `geoids` int64 sorted, `low` and `high` int32 (0 where a tract is not ranked).
    `geoids` are the city's tracts when it was worked out: other tracts make it stale, and so does another `method`.
    """

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="rank_sets")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="rank_sets")
    measure = models.CharField(max_length=80)
    method = models.CharField(max_length=40, default="marginal")  # how the sets were made: others are worked out again
    geoids = models.BinaryField()
    low = models.BinaryField()
    high = models.BinaryField()
    ranked = models.PositiveIntegerField()  # tracts with a value and a standard error
    draws = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "release", "measure"], name="one_rank_set_each")]

"""What occupations pay in metropolitan areas and in the nation, as the Bureau of Labor Statistics publishes it."""

from django.db import models
from django.db.models import Q

_WAGES = ("mean", "p10", "p25", "median", "p75", "p90")


def _number(help_text: str = "") -> models.FloatField:
    return models.FloatField(null=True, blank=True, help_text=help_text)


class OccupationWage(models.Model):
    """A row of a release: an area, an occupation, and what `missing` gives as the reason for each number left out."""

    release = models.ForeignKey("atlas.Release", on_delete=models.CASCADE, related_name="occupation_wages")
    area = models.CharField(max_length=5, help_text="code of a metropolitan area (CBSA), 99 for the nation")
    area_title = models.CharField(max_length=120)
    occupation = models.CharField(max_length=7, help_text="code of the Standard Occupational Classification")
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=8, help_text="total, major, minor, broad or detailed")
    employment = _number("jobs, rounded by the source; nobody who works for themselves")
    employment_rse = _number("relative standard error of employment, percent")
    jobs_per_1000 = _number("jobs in the occupation per 1,000 in the area")
    location_quotient = _number("share of the area's jobs over the nation's share; 1 is the same")
    mean_rse = _number("relative standard error of the mean wage, percent")
    hourly_mean = _number("dollars of May of the release's year, as all wages")
    hourly_p10 = _number()
    hourly_p25 = _number()
    hourly_median = _number()
    hourly_p75 = _number()
    hourly_p90 = _number()
    annual_mean = _number()
    annual_p10 = _number()
    annual_p25 = _number()
    annual_median = _number()
    annual_p75 = _number()
    annual_p90 = _number()
    missing = models.JSONField(default=dict, help_text="code of the reason by the name of a number that is left out")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "area", "occupation"], name="occupation_once_per_area"),
            models.CheckConstraint(name="wage_area_is_a_code", condition=Q(area="99") | Q(area__regex=r"^[0-9]{5}$")),
            models.CheckConstraint(
                name="wage_occupation_is_a_code", condition=Q(occupation__regex=r"^[0-9]{2}-[0-9]{4}$")
            ),
            *(
                models.CheckConstraint(
                    name=f"wage_{name}_or_reason",
                    condition=Q(**{f"{name}__isnull": False, f"{name}__gt": 0})
                    | Q(**{f"{name}__isnull": True, "missing__has_key": name}),
                )
                for name in ("employment", *(f"{way}_{point}" for way in ("hourly", "annual") for point in _WAGES))
            ),
        ]

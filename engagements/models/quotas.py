"""How much of a day's quota an engagement used; the row is also what two requests at once queue for."""

from django.db import models
from django.db.models import Q


class QuotaUse(models.Model):
    """`day` is None for what is counted as a whole (documents, tokens): such a row is a lock and holds no number."""

    class Kind(models.TextChoices):
        DOCUMENTS = "documents", "Documents"
        ROWS = "rows", "Imported rows"
        EXPORTS = "exports", "Exports"
        TOKENS = "tokens", "Access tokens"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    day = models.DateField(null=True)
    used = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind", "day"], name="quota_use_once_a_day", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="quota_use_of_a_kind", condition=Q(kind__in=["documents", "rows", "exports", "tokens"])
            ),
        ]

"""What operators have confirmed about publishers' columns that no codebook explains."""

from django.conf import settings
from django.db import models


class Confirmation(models.Model):
    """What a label's numbers are, or what a suffix of a county download means; said by a person, with the date.

    Confirming again adds a row; the newest of a subject holds. A trigger refuses to change one, another moves the
    generation, so that remembered pages go.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", "unit of a label"
        SUFFIX = "suffix", "meaning of a second column"

    kind = models.CharField(max_length=6, choices=Kind)
    subject = models.CharField(max_length=200, help_text="a label as the publisher writes it, or a suffix such as _x")
    meaning = models.CharField(max_length=20, help_text="a unit of atlas.shown_labels, or what the suffix says")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="empty: the command line",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "-id"], name="newest_confirmation")]

    def __str__(self):
        return f"{self.subject}: {self.meaning}"

"""What mail servers said of the addresses the portal writes to."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class MailAddress(models.Model):
    """An address that did not take a mail; there is no row for one that always did."""

    address = models.EmailField(unique=True)
    refusals = models.PositiveSmallIntegerField(default=0, help_text="lasting ones since mail went there last")
    put_off = models.PositiveSmallIntegerField(default=0, help_text="times in a row that it asked to try later")
    reason = models.CharField(max_length=300, help_text="what was said last")
    failed_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="since then no mail goes there")

    class Meta:
        constraints = [
            models.CheckConstraint(name="mail_address_in_small_letters", condition=Q(address=Lower(F("address")))),
            models.CheckConstraint(name="mail_address_says_why", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="mail_address_stopped_or_waits", condition=Q(stopped_at=None) | Q(next_try_at=None)
            ),
            models.CheckConstraint(
                name="mail_address_stopped_was_refused", condition=Q(stopped_at=None) | Q(refusals__gt=0)
            ),
        ]

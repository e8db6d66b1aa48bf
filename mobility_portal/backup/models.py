"""What operators see of backups, and what a restore must delete again."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q


class Backup(models.Model):
    """One try to make a backup, written when it ended. The row stays when rotation removes the file."""

    started_at = models.DateTimeField(help_text="the moment of the snapshot: what was written later is not in it")
    seconds = models.FloatField(help_text="from the start to the finished file, the trial restore included")
    is_scheduled = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes, as encrypted")
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="of the encrypted file")
    row_count = models.PositiveBigIntegerField(default=0)
    table_count = models.PositiveIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0, help_text="documents, reports and media")
    build = models.CharField(max_length=64, blank=True, default="")
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="its dump was restored into a scratch server and was equal by checksum"
    )
    problem = models.CharField(max_length=500, blank=True, default="", help_text="why there is no backup, for people")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="rotation removed the file")

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="backup_made_or_says_why",
                condition=Q(problem="", size__gt=0, sha256__regex=r"^[0-9a-f]{64}$") & ~Q(file_name="")
                | ~Q(problem="") & Q(size=0, verified_at=None),
            ),
            models.CheckConstraint(name="backup_seconds", condition=Q(seconds__gte=0)),
            models.CheckConstraint(
                name="backup_verified_later", condition=Q(verified_at=None) | Q(verified_at__gte=F("started_at"))
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.file_name or self.problem

    @property
    def is_good(self) -> bool:
        return not self.problem


class Erasure(models.Model):
    """Something was deleted for good: which row, when, and nothing of what it held. A restore deletes it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.CharField(max_length=100, help_text="as in engagements.User")
    object_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="erasure_model", condition=Q(model__regex=r"^[a-z_]+\.[A-Za-z]+$")),
            models.CheckConstraint(name="erasure_object", condition=Q(object_id__regex=r"^[0-9a-zA-Z-]+$")),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.model} {self.object_id}"

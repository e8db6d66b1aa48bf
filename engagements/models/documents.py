"""Files people brought: outside the web root, under a random name, served only after a look at the permission."""

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from django.db.models import Q

from engagements import limits
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person
from engagements.models.discussion import VISIBILITIES, known_visibility
from engagements.permissions import Visibility


class WholeFiles(FileSystemStorage):
    """A folder that keeps no half a file: what a full disk has cut off goes, and its room with it."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]  # not in the stubs
        except OSError:
            self.delete(name)
            raise


def document_storage() -> Storage:
    """The bucket when one is named, else a folder. No base address: nothing here is reachable by one."""
    if "bucket" in settings.STORAGES:
        return storages["bucket"]
    return WholeFiles(location=settings.DOCUMENTS_DIR, base_url=None, file_permissions_mode=0o600)


def random_name(document, filename: str) -> str:
    """Nothing of the name that came reaches the disk."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


@pghistory.track()
class Document(Versioned, Archivable):
    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="documents")
    milestone = models.ForeignKey(
        "engagements.Milestone", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField(max_length=limits.TITLE)
    file = models.FileField(storage=document_storage, upload_to=random_name, max_length=100)
    original_name = models.CharField(max_length=limits.FILE_NAME)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    visibility = models.CharField(max_length=4, choices=VISIBILITIES, default=Visibility.TEAM.value)
    shows_people = models.BooleanField(default=False, help_text="a photograph with people in it")
    has_consent = models.BooleanField(default=False, help_text="the people shown agreed")
    uploaded_by = person(related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="document_with_its_engagement"),
            models.CheckConstraint(name="document_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(name="document_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="document_people_agreed", condition=Q(shows_people=False) | Q(has_consent=True)
            ),
            known_visibility("document_visibility_is_known"),
            paired("document_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.title

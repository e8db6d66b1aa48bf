"""Small pictures of documents, drawn by the worker: kept beside the files, served after the same look at the rights."""

from django.db import models
from django.db.models import Q

from engagements.models.documents import Document, document_storage, random_name


class DocumentPreview(models.Model):
    """`problem`: why there is no picture, by its name in `engagements/discussion/previews/reasons.py`."""

    document = models.OneToOneField(Document, primary_key=True, on_delete=models.PROTECT, related_name="preview")
    problem = models.CharField(max_length=8, blank=True, default="")
    large = models.FileField(storage=document_storage, upload_to=random_name, max_length=100, blank=True, default="")
    small = models.FileField(storage=document_storage, upload_to=random_name, max_length=100, blank=True, default="")
    width = models.PositiveIntegerField(default=0, help_text="pixels, of the large picture")
    height = models.PositiveIntegerField(default=0, help_text="pixels, of the large picture")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="preview_drawn_or_says_why",
                condition=(~Q(problem="") & Q(large="", small="", width=0, height=0))
                | (Q(problem="", width__gt=0, height__gt=0) & ~Q(large="") & ~Q(small="")),
            )
        ]

"""What the search box looks in: the words of everything people wrote, kept by triggers beside what they wrote.

Nobody reads these rows for their own sake. A search joins them to what a person may see, and opens the thing itself.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q


class SearchEntry(models.Model):
    """One wording of one thing; a long one, such as a document, has several parts.

    Where drafts and what was published differ, each is an entry: `team` for those who see drafts, `open` for others.
    The rows come from the SQL functions `engagements_search_KIND` (migrations), never from Python.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    layer = models.CharField(max_length=4)
    part = models.PositiveIntegerField(default=0)
    engagement = models.ForeignKey(
        "engagements.Engagement", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    title = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    ref = models.TextField(blank=True, default="", help_text="what its address or its heading needs beside its id")
    on = models.DateField(null=True)
    words = SearchVectorField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            models.Index(fields=["changed_at"], name="search_changed"),
            models.Index("kind", F("on").desc(nulls_last=True), F("id").desc(), name="search_newest"),
            models.Index(
                "kind",
                F("on").desc(nulls_last=True),
                F("id").desc(),
                name="search_newest_titles",
                condition=Q(part=0),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "layer", "part"], name="search_entry_once"),
            models.CheckConstraint(name="search_layer_is_known", condition=Q(layer__in=["open", "team"])),
        ]


class SearchWord(models.Model):
    """A word that stands in some entry: what a misspelled one is compared with. Kept by the worker."""

    word = models.TextField(primary_key=True)
    known_at = models.DateTimeField()


class DocumentText(models.Model):
    """That a document was read, once: `problem` says why none of its words can be found (engagements/finding/files)."""

    document = models.OneToOneField(
        "engagements.Document", primary_key=True, on_delete=models.PROTECT, related_name="text"
    )
    problem = models.CharField(max_length=8, blank=True, default="")
    is_cut = models.BooleanField(default=False, help_text="only its first part was read")
    read_at = models.DateTimeField()


class DocumentPart(models.Model):
    """Some 1,500 letters of a document, in its order; `place` such as “page 3”, empty where its kind has none."""

    document = models.ForeignKey("engagements.Document", on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField(help_text="from 1")
    place = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_part_once"),
            models.CheckConstraint(name="document_part_has_text", condition=~Q(text="") & Q(number__gte=1)),
        ]

"""The words in documents: read by the worker, found part by part."""

import django.db.models.deletion
from django.db import migrations, models

from engagements.migration_operations import BatchedOperations

# As `engagements_search_document` of 0036, with the parts of the file. Their title is found once, with the document.
_DOCUMENT = """
CREATE OR REPLACE FUNCTION engagements_search_document(ids bigint[]) RETURNS TABLE
  (object_id bigint, layer text, part integer, engagement_id bigint, title text, body text, ref text, "on" date)
LANGUAGE sql STABLE AS $$
  SELECT d.id, 'open', 0, d.engagement_id, d.title,
    CASE WHEN d.original_name = d.title THEN '' ELSE d.original_name END, '', (d.uploaded_at AT TIME ZONE 'UTC')::date
  FROM engagements_document d WHERE d.id = ANY($1) AND d.archived_at IS NULL
  {parts}
$$
"""
_PARTS = """UNION ALL
  SELECT d.id, 'open', p.number, d.engagement_id, '', p.text, p.place, (d.uploaded_at AT TIME ZONE 'UTC')::date
  FROM engagements_document d JOIN engagements_documentpart p ON p.document_id = d.id
  WHERE d.id = ANY($1) AND d.archived_at IS NULL"""


def trigger(event, state):
    name = f"engagements_documentpart_search_document_{event}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {event.upper()} ON engagements_documentpart REFERENCING {state} TABLE AS changed "  # noqa: S608 - our own names
        "FOR EACH STATEMENT EXECUTE FUNCTION engagements_note_search('document', 'SELECT document_id FROM changed')",
        f"DROP TRIGGER {name} ON engagements_documentpart",
    )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0036_search")]

    operations = [
        BatchedOperations(migrations.CreateModel(
            name="DocumentText",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="engagements.document",
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=8)),
                ("is_cut", models.BooleanField(default=False, help_text="only its first part was read")),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DocumentPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="from 1")),
                ("place", models.CharField(blank=True, default="", max_length=60)),
                ("text", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="engagements.document",
                    ),
                ),
            ],
            options={
                "ordering": ["document", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="document_part_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), ("number__gte", 1)),
                        name="document_part_has_text",
                    ),
                ],
            },
        ),),
        migrations.RunSQL(_DOCUMENT.format(parts=_PARTS), _DOCUMENT.format(parts="")),
        trigger("insert", "NEW"),
        trigger("update", "NEW"),
        trigger("delete", "OLD"),
    ]

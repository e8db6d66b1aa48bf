"""Checklists of results that were published before decisions were kept become decisions with the points as they were."""

from django.db import migrations

POINTS = {
    "sources": "I opened every source, and each says what stands here.",
    "design": "The design is what the source describes, and no stronger.",
    "numbers": "Numbers, units, groups and dates are those of the source.",
    "apart": "Reach, effect and context are apart: no count is called an effect.",
    "conflicts": "Where sources differ, all of them are named.",
    "words": "The public sentence claims no more than the design can show.",
    "people": "Nobody can be recognized in it.",
}


def keep(apps, schema_editor):
    """Only whole ones: others could not have published anything. The version that was read is not known: 0."""
    publications = apps.get_model("engagements", "ResultPublication")
    decisions = apps.get_model("engagements", "ReviewDecision")
    rows = publications.objects.filter(published_by__isnull=False).exclude(kind="retracted").select_related("result")
    decisions.objects.bulk_create(
        decisions(
            engagement_id=row.result.engagement_id,
            result_id=row.result_id,
            outcome="approved",
            moved_to="published",
            seen_version=0,
            checklist_version=1,
            answers=[
                {"key": key, "statement": statement, "must": True, "answer": "yes", "words": ""}
                for key, statement in POINTS.items()
            ],
            why=row.why,
            decided_by_id=row.published_by_id,
            decided_at=row.published_at,
        )
        for row in rows
        if set(row.checklist) >= set(POINTS) and row.published_by_id != row.result.written_by_id
    )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0038_reviews")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]

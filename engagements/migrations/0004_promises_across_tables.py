"""What needs two columns at once: roles within their initiative, dependencies and attachments within their engagement."""

from django.db import migrations, models

_KEYS = (
    ("engagementrole", "role_within_initiative", "engagement_id, initiative_id", "engagement", "id, initiative_id"),
    ("partnership", "partnership_within_initiative", "engagement_id, initiative_id", "engagement", "id, initiative_id"),
    ("milestonedependency", "dependency_within_engagement", "milestone_id, engagement_id", "milestone", "id, engagement_id"),
    ("milestonedependency", "dependency_needs_within_engagement", "needs_id, engagement_id", "milestone", "id, engagement_id"),
    ("progressentry", "progress_within_engagement", "milestone_id, engagement_id", "milestone", "id, engagement_id"),
    ("document", "document_within_engagement", "milestone_id, engagement_id", "milestone", "id, engagement_id"),
    ("comment", "comment_within_engagement", "milestone_id, engagement_id", "milestone", "id, engagement_id"),
    ("expertrequest", "request_within_engagement", "milestone_id, engagement_id", "milestone", "id, engagement_id"),
)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0003_engagement_slugs")]
    operations = [
        migrations.AlterField("engagement", "slug", models.SlugField(max_length=110, unique=True)),
        migrations.AlterField("engagementevent", "slug", models.SlugField(db_index=False, max_length=110)),
        *(
            migrations.RunSQL(
                f"ALTER TABLE engagements_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
                f" REFERENCES engagements_{target} ({keys}) DEFERRABLE INITIALLY IMMEDIATE",
                f"ALTER TABLE engagements_{table} DROP CONSTRAINT {name}",
            )
            for table, name, columns, target, keys in _KEYS
        ),
    ]

"""Engagements that exist get the address seeding would give them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0002_people_and_work")]
    operations = [
        migrations.RunSQL(
            """
            UPDATE engagements_engagement e SET slug = c.slug || '-' || i.slug
            FROM atlas_city c, engagements_initiative i WHERE c.id = e.city_id AND i.id = e.initiative_id
            """,
            migrations.RunSQL.noop,
        )
    ]

"""Feeds change the version of work: a portfolio says which indicators come from one."""

from django.db import migrations

TABLE = "engagements_feed"


class Migration(migrations.Migration):
    dependencies = [("engagements", "0042_table_imports")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {TABLE}_work_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION engagements_note_work_change()",
            f"DROP TRIGGER {TABLE}_work_change ON {TABLE}",
        )
    ]

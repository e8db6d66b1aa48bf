"""Pilots stand behind rows of /what-works/, which is kept: a change of theirs changes the version of public pages."""

from django.db import migrations

TABLES = ("pilot", "pilotanalysis", "pilotcity", "pilotlink", "pilotresult", "registrationversion")


def note_changes(name):
    return migrations.RunSQL(
        f"CREATE TRIGGER engagements_{name}_public_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
        f" ON engagements_{name} FOR EACH STATEMENT EXECUTE FUNCTION atlas_note_public_change()",
        f"DROP TRIGGER engagements_{name}_public_change ON engagements_{name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0064_pilot_results"),
    ]

    operations = [note_changes(table) for table in TABLES]

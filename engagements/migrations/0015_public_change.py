"""Work that public pages show changes their version: the city's part, notes, published plans, reviewed evidence."""

from django.db import migrations

TABLES = (
    "engagements_engagement",
    "engagements_evidencerow",
    "engagements_evidencerow_tried_in",
    "engagements_initiative",
    "engagements_localnote",
    "engagements_organisation",
    "engagements_participation",
    "engagements_partnership",
    "engagements_plan",
    "engagements_planintervention",
    "engagements_planpublication",
    "engagements_plantract",
)
# Of people only what a page may say of them: signing in writes a time into the same row, and nobody new is on a page
# before another row names them.
PEOPLE = "UPDATE OF name, is_active, is_fictional ON engagements_user"


def note_changes(name, when):
    return migrations.RunSQL(
        f"CREATE TRIGGER {name}_public_change AFTER {when} FOR EACH STATEMENT EXECUTE FUNCTION atlas_note_public_change()",
        f"DROP TRIGGER {name}_public_change ON {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("atlas", "0023_public_change"),
        ("engagements", "0014_plain_words"),
    ]

    operations = [
        *(note_changes(table, f"INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}") for table in TABLES),
        note_changes("engagements_user", PEOPLE),
    ]

"""Work that only people with a role read changes a version of its own: what is kept of a portfolio goes by it.

A row for each committed transaction, as in `atlas_public_change`: the rows that can be seen are the version, so a
transaction that ends late changes it too, and no two writers wait for each other. Tables that public pages show have
their trigger there; these are the others that a portfolio reads.
"""

from django.db import migrations

TABLES = (
    "engagements_budgetline",
    "engagements_duedatechange",
    "engagements_engagementrole",
    "engagements_indicator",
    "engagements_indicatorvalue",
    "engagements_ledgertotal",
    "engagements_milestone",
    "engagements_progressentry",
    "engagements_projectplan",
    "engagements_publishedupdate",
    "engagements_quarterlyupdate",
    "engagements_risk",
)
CREATE = """
CREATE TABLE engagements_work_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction bigint NOT NULL,
  began timestamptz NOT NULL,
  UNIQUE (transaction, began)
);
CREATE FUNCTION engagements_note_work_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO engagements_work_change (transaction, began)
    VALUES (pg_current_xact_id()::text::bigint, transaction_timestamp()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
"""
DROP = """
DROP TABLE engagements_work_change;
DROP FUNCTION engagements_note_work_change;
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0028_engagements_without_known_result")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_work_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION engagements_note_work_change()",
                f"DROP TRIGGER {table}_work_change ON {table}",
            )
            for table in TABLES
        ),
    ]

"""Which committed transactions changed something that public pages show beside the live releases.

A row for each such transaction, written by triggers so that no code path can forget it. The rows that can be seen are
the version: a transaction that ends late adds its row late, so the version changes with every commit whatever the order.
Nobody waits for anybody: there is no row that two writers share. Numbers come from a sequence and never come again.
"""

from django.db import migrations

# Tables of the imports that change without a flip. Rows of the others are written while a release is staged.
TABLES = (
    "atlas_citygeometry",
    "atlas_confirmation",
    "atlas_measure",
    "atlas_release",
    "atlas_releaseevent",
    "atlas_tract",
    "atlas_tractrankset",
)
CREATE = """
CREATE TABLE atlas_public_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction bigint NOT NULL,
  began timestamptz NOT NULL,
  UNIQUE (transaction, began)
);
CREATE FUNCTION atlas_note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO atlas_public_change (transaction, began)
    VALUES (pg_current_xact_id()::text::bigint, transaction_timestamp()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
"""
DROP = """
DROP TABLE atlas_public_change;
DROP FUNCTION atlas_note_public_change;
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0022_map_layers")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_public_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION atlas_note_public_change()",
                f"DROP TRIGGER {table}_public_change ON {table}",
            )
            for table in TABLES
        ),
    ]

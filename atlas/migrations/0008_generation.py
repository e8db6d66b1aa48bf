"""A number that changes with everything live: what every process's remembered results hang on.

Kept by triggers, so that no code path can forget it. The row stays locked until commit, so numbers are given in the
order of commits; they come from a sequence, so a rolled back one never comes again.
"""

from django.db import migrations

TABLES = ("atlas_livepart", "atlas_citytract", "atlas_city")
CREATE = """
CREATE SEQUENCE atlas_generation_seq;
CREATE TABLE atlas_generation (single boolean PRIMARY KEY DEFAULT true CHECK (single), n bigint NOT NULL);
INSERT INTO atlas_generation (n) VALUES (nextval('atlas_generation_seq'));
CREATE FUNCTION atlas_next_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM atlas_generation FOR UPDATE;
  UPDATE atlas_generation SET n = nextval('atlas_generation_seq');
  RETURN NULL;
END $$;
"""
DROP = """
DROP TABLE atlas_generation;
DROP FUNCTION atlas_next_generation;
DROP SEQUENCE atlas_generation_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0007_fetchjob")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_generation AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION atlas_next_generation()",
                f"DROP TRIGGER {table}_generation ON {table}",
            )
            for table in TABLES
        ),
    ]

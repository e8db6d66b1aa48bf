"""Whoever remembers the version of public pages is told when it changes, with the commit that changes it.

Rows of `atlas_public_change` also go away, when old ones are forgotten: every process must read the same version then.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION atlas_tell_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('atlas_public_change', '');
  RETURN NULL;
END $$;
CREATE TRIGGER atlas_generation_told AFTER INSERT OR UPDATE OR DELETE ON atlas_generation
  FOR EACH STATEMENT EXECUTE FUNCTION atlas_tell_public_change();
CREATE TRIGGER atlas_public_change_told AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON atlas_public_change
  FOR EACH STATEMENT EXECUTE FUNCTION atlas_tell_public_change();
"""
DROP = """
DROP TRIGGER atlas_public_change_told ON atlas_public_change;
DROP TRIGGER atlas_generation_told ON atlas_generation;
DROP FUNCTION atlas_tell_public_change;
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0027_consumer_prices")]

    operations = [migrations.RunSQL(CREATE, DROP)]

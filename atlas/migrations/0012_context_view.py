"""Rows of live context for SQL and BI users, beside `atlas_values`. Documented in docs/sql.md."""

from django.db import migrations

VIEW = """
CREATE VIEW atlas_context AS
SELECT row.area_kind, row.geoid, row.metric, row.subgroup, row.period_start, row.period_kind, row.value, row.lower,
       row.upper, row.standard_error, row.quality, row.provisional, row.excluded_reason, release.dataset,
       release.id AS release_id, release.is_sample
FROM atlas_livepart AS live
JOIN atlas_release AS release ON release.id = live.release_id
JOIN atlas_observation AS row ON row.release_id = release.id
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0011_job_states")]

    operations = [migrations.RunSQL([VIEW], ["DROP VIEW atlas_context"])]

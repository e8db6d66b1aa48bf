from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION atlas_confirmation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'confirmations are never changed: add a new one';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OF kind, subject, meaning, at ON atlas_confirmation
    FOR EACH ROW EXECUTE FUNCTION atlas_confirmation_refuse();
"""
ANYTHING_GOES = "DROP TRIGGER append_only ON atlas_confirmation; DROP FUNCTION atlas_confirmation_refuse();"
ONLY_THE_NEWEST = """
DELETE FROM atlas_confirmation AS older USING atlas_confirmation AS newer
    WHERE newer.kind = older.kind AND newer.subject = older.subject AND newer.id > older.id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('atlas', '0018_rank_set_method'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='confirmation',
            name='one_confirmation_per_subject',
        ),
        migrations.RunSQL(migrations.RunSQL.noop, ONLY_THE_NEWEST),
        migrations.AlterField(
            model_name='confirmation',
            name='at',
            field=models.DateTimeField(auto_now_add=True),
        ),
        migrations.AddIndex(
            model_name='confirmation',
            index=models.Index(fields=['kind', 'subject', '-id'], name='newest_confirmation'),
        ),
        migrations.RunSQL(APPEND_ONLY, ANYTHING_GOES),
    ]

"""The search box finds pilots: their title and question, the team by the draft and others by the locked plan."""

from django.db import migrations

OWN = "SELECT id FROM changed"
COLUMNS = 'object_id bigint, layer text, part integer, engagement_id bigint, title text, body text, ref text, "on" date'
SELECT = """SELECT p.id, 'team', 0, p.engagement_id, p.title,
    concat_ws(E'\\n', p.draft->>'question', p.draft->>'eligibility', p.draft->'outcome'->>'name', v.content->>'question',
      v.content->>'eligibility', v.content->'outcome'->>'name', p.stopped_reason),
    '', (p.created_at AT TIME ZONE 'UTC')::date
  FROM engagements_pilot p LEFT JOIN LATERAL (
    SELECT x.content::jsonb AS content FROM engagements_registrationversion x WHERE x.pilot_id = p.id
    ORDER BY x.number DESC LIMIT 1
  ) AS v ON true WHERE p.id = ANY($1) AND p.archived_at IS NULL
  UNION ALL
  SELECT p.id, 'open', 0, p.engagement_id, p.title,
    concat_ws(E'\\n', v.content->>'question', v.content->>'eligibility', v.content->'outcome'->>'name'),
    '', (p.created_at AT TIME ZONE 'UTC')::date
  FROM engagements_pilot p JOIN LATERAL (
    SELECT x.content::jsonb AS content FROM engagements_registrationversion x WHERE x.pilot_id = p.id
    ORDER BY x.number DESC LIMIT 1
  ) AS v ON true WHERE p.id = ANY($1) AND p.archived_at IS NULL"""
TABLES = {"engagements_pilot": OWN, "engagements_registrationversion": "SELECT pilot_id FROM changed"}
EVENTS = (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))


def triggers():
    for table, ids in TABLES.items():
        for event, state in EVENTS:
            name = f"{table}_search_pilot_{event}"
            yield migrations.RunSQL(
                f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {state} TABLE AS changed "
                f"FOR EACH STATEMENT EXECUTE FUNCTION engagements_note_search('pilot', '{ids}')",
                f"DROP TRIGGER {name} ON {table}",
            )


def index_what_is_there(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT engagements_index_search('pilot', (SELECT array_agg(id) FROM engagements_pilot))")


def forget(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM engagements_searchentry WHERE kind = 'pilot'")


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0065_pilot_public_change"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE FUNCTION engagements_search_pilot(ids bigint[]) RETURNS TABLE ({COLUMNS}) "
            f"LANGUAGE sql STABLE AS $$ {SELECT} $$",
            "DROP FUNCTION engagements_search_pilot(bigint[])",
        ),
        *triggers(),
        migrations.RunPython(index_what_is_there, forget),
    ]

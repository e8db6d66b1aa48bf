"""The words of everything that can be found, kept by triggers: one SQL function for each kind says what they are.

`engagements_search_KIND(ids)` gives the entries that things with these ids should have now. A trigger on each table it
reads writes them after each statement; `manage.py rebuild_search` writes all of them. Function bodies are text that
Postgres reads when they run, so a later migration may change a column: it then replaces the function too.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from engagements.migration_operations import BatchedOperations

PLAIN = """
DO $do$
BEGIN
  -- Without accents where the server can take them away (see atlas/models/name_search.py).
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION engagements_search_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS '
    '$f$ SELECT btrim(regexp_replace(%s($1), ''[\\x01-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f\\u00a0-\\u00bf\\u2000-\\u206f]+'', '' '', ''g'')) $f$',
    CASE WHEN to_regprocedure('atlas_plain_name(text)') IS NULL THEN 'lower' ELSE 'atlas_plain_name' END);
END $do$;

CREATE FUNCTION engagements_search_words(kind text, title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- Words as they are for whoever is still typing, and their stems, so that "meetings" finds a meeting.
  SELECT array_to_tsvector(ARRAY['=' || kind])
    || setweight(to_tsvector('pg_catalog.simple', t) || to_tsvector('pg_catalog.english', t), 'A')
    || setweight(to_tsvector('pg_catalog.simple', b) || to_tsvector('pg_catalog.english', b), 'D')
  FROM (SELECT engagements_search_plain(left(title, 1000)) AS t, engagements_search_plain(left(body, 60000)) AS b) AS p
$$;

CREATE FUNCTION engagements_index_search(of_kind text, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF ids IS NULL OR cardinality(ids) = 0 THEN
    RETURN;
  END IF;
  EXECUTE format($q$
    WITH fresh AS MATERIALIZED (SELECT * FROM engagements_search_%1$s($1)),
    gone AS (
      DELETE FROM engagements_searchentry e WHERE e.kind = %1$L AND e.object_id = ANY($1) AND NOT EXISTS (
        SELECT 1 FROM fresh f WHERE f.object_id = e.object_id AND f.layer = e.layer AND f.part = e.part)
    )
    INSERT INTO engagements_searchentry AS e
      (kind, object_id, layer, part, engagement_id, title, body, ref, "on", words, changed_at)
    SELECT %1$L, f.object_id, f.layer, f.part, f.engagement_id, f.title, f.body, f.ref, f."on",
      engagements_search_words(%1$L, f.title, f.body), clock_timestamp()
    FROM fresh f
    ON CONFLICT (kind, object_id, layer, part) DO UPDATE SET
      engagement_id = excluded.engagement_id, title = excluded.title, body = excluded.body, ref = excluded.ref,
      "on" = excluded."on", words = excluded.words, changed_at = excluded.changed_at
    WHERE (e.engagement_id, e.title, e.body, e.ref, e."on")
      IS DISTINCT FROM (excluded.engagement_id, excluded.title, excluded.body, excluded.ref, excluded."on")
  $q$, of_kind) USING ids;
END $$;

CREATE FUNCTION engagements_close_words(typed text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- Known words with some of the same groups of three letters; none where the server has no pg_trgm.
  IF length(typed) < 4 OR to_regprocedure('similarity(text, text)') IS NULL THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(
    SELECT w.word FROM engagements_searchword w WHERE w.word % typed ORDER BY similarity(w.word, typed) DESC LIMIT 40);
END $$;

CREATE FUNCTION engagements_note_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
BEGIN
  -- The second argument is our own SQL: which things the changed rows belong to.
  EXECUTE format('SELECT array_agg(DISTINCT x.id) FROM (%s) AS x(id)', TG_ARGV[1]) INTO ids;
  PERFORM engagements_index_search(TG_ARGV[0], ids);
  RETURN NULL;
END $$;
"""
FORGET = """
DROP FUNCTION engagements_note_search();
DROP FUNCTION engagements_close_words(text);
DROP FUNCTION engagements_index_search(text, bigint[]);
DROP FUNCTION engagements_search_words(text, text, text);
DROP FUNCTION engagements_search_plain(text);
"""

_OWN = "SELECT id FROM changed"
# Kind -> (what its entries are: id, layer, part, engagement, title, body, ref, day; tables it reads -> ids of things).
KINDS = {
    "engagement": (
        """SELECT e.id, 'open', 0, e.id, c.name || ': ' || i.name,
            concat_ws(E'\\n', e.theme, e.project, i.summary), '', e.starts_on
          FROM engagements_engagement e JOIN engagements_initiative i ON i.id = e.initiative_id
          JOIN atlas_city c ON c.id = e.city_id WHERE e.id = ANY($1)""",
        {
            "engagements_engagement": _OWN,
            "engagements_initiative": "SELECT e.id FROM engagements_engagement e JOIN changed i ON i.id = e.initiative_id",
        },
    ),
    "milestone": (
        """SELECT m.id, l.layer, 0, m.engagement_id, m.title,
            CASE l.layer WHEN 'team' THEN m.acceptance_evidence
              ELSE m.funder_note END, '', m.due_on
          FROM engagements_milestone m CROSS JOIN (VALUES ('open'), ('team')) AS l(layer)
          WHERE m.id = ANY($1) AND m.archived_at IS NULL AND (l.layer = 'open' OR m.acceptance_evidence <> '')""",
        {"engagements_milestone": _OWN},
    ),
    "progress": (
        """SELECT p.id, 'team', 0, p.engagement_id, '', concat_ws(E'\\n', p.line, p.note), p.milestone_id::text,
            (p.at AT TIME ZONE 'UTC')::date
          FROM engagements_progressentry p WHERE p.id = ANY($1)""",
        {"engagements_progressentry": _OWN},
    ),
    "person": (
        """SELECT u.id, l.layer, 0, NULL::bigint, CASE WHEN u.name <> '' THEN u.name ELSE u.email END,
            CASE l.layer WHEN 'team' THEN concat_ws(', ', u.title, o.name, u.email) ELSE concat_ws(', ', u.title, o.name) END,
            concat_ws(', ', NULLIF(u.title, ''), o.name), NULL::date
          FROM engagements_user u LEFT JOIN engagements_organisation o ON o.id = u.organisation_id
          CROSS JOIN (VALUES ('open'), ('team')) AS l(layer)
          WHERE u.id = ANY($1) AND (u.name <> '' OR l.layer = 'team')""",
        {
            "engagements_user": _OWN,
            "engagements_organisation": "SELECT u.id FROM engagements_user u JOIN changed o ON o.id = u.organisation_id",
        },
    ),
    "document": (
        """SELECT d.id, 'open', 0, d.engagement_id, d.title,
            CASE WHEN d.original_name = d.title THEN '' ELSE d.original_name END, '', (d.uploaded_at AT TIME ZONE 'UTC')::date
          FROM engagements_document d WHERE d.id = ANY($1) AND d.archived_at IS NULL""",
        {"engagements_document": _OWN},
    ),
    "plan": (
        """SELECT p.id, 'team', 0, p.engagement_id, p.title,
            concat_ws(E'\\n', p.need, p.area_name, p.area_rule, p.not_claimed, p.what_happened,
              (SELECT string_agg(concat_ws(', ', v.name, v.people), E'\\n' ORDER BY v.position, v.id)
                FROM engagements_planintervention v WHERE v.plan_id = p.id AND v.archived_at IS NULL)), '', p.starts_on
          FROM engagements_plan p WHERE p.id = ANY($1) AND p.archived_at IS NULL
          UNION ALL
          SELECT p.id, 'open', 0, p.engagement_id, c.content->>'title',
            concat_ws(E'\\n', c.content->>'need', c.content->>'area_name', c.content->>'area_rule',
              c.content->>'not_claimed', c.content->>'what_happened',
              (SELECT string_agg(concat_ws(', ', v->>'name', v->>'people'), E'\\n')
                FROM jsonb_path_query(c.content, '$.interventions[*]') AS v)), '', (c.content->>'starts_on')::date
          FROM engagements_plan p JOIN LATERAL (
            SELECT x.content FROM engagements_planpublication x WHERE x.plan_id = p.id ORDER BY x.number DESC LIMIT 1
          ) AS c ON true WHERE p.id = ANY($1) AND p.archived_at IS NULL""",
        {
            "engagements_plan": _OWN,
            "engagements_planintervention": "SELECT plan_id FROM changed",
            "engagements_planpublication": "SELECT plan_id FROM changed",
        },
    ),
    "result": (
        """SELECT r.id, 'team', 0, r.engagement_id, r.outcome,
            concat_ws(E'\\n', r.sentence, r.finding, r.tried, r.context, r.authors_conclusion, r.what_happened_next),
            '', r.reported_on
          FROM engagements_result r WHERE r.id = ANY($1) AND r.archived_at IS NULL
          UNION ALL
          SELECT r.id, 'open', 0, r.engagement_id, c.content->>'outcome',
            concat_ws(E'\\n', c.sentence, c.content->>'finding', c.content->>'tried', c.content->>'context',
              c.content->>'authors_conclusion', c.content->>'what_happened_next'), '', (c.content->>'reported_on')::date
          FROM engagements_result r JOIN LATERAL (
            SELECT x.content, x.sentence FROM engagements_resultpublication x WHERE x.result_id = r.id
            ORDER BY x.number DESC LIMIT 1
          ) AS c ON true WHERE r.id = ANY($1) AND r.archived_at IS NULL""",
        {"engagements_result": _OWN, "engagements_resultpublication": "SELECT result_id FROM changed"},
    ),
    "evidence": (
        """SELECT v.id, 'team', 0, NULL::bigint, v.intervention || ': ' || v.outcome,
            concat_ws(E'\\n', v.summary, v.effect_words, v.population, v.setting, v.fadeout, v.source), v.key, NULL::date
          FROM engagements_evidencerow v WHERE v.id = ANY($1) AND v.archived_at IS NULL
          UNION ALL
          SELECT v.id, 'open', 0, NULL::bigint, c.intervention || ': ' || c.outcome,
            concat_ws(E'\\n', c.summary, c.effect_words, c.population, c.setting, c.fadeout, c.source), v.key, NULL::date
          FROM engagements_evidencerow v JOIN LATERAL (
            SELECT x.* FROM engagements_evidencerowevent x WHERE x.pgh_obj_id = v.id AND x.status = 'reviewed'
            ORDER BY x.pgh_id DESC LIMIT 1
          ) AS c ON true WHERE v.id = ANY($1) AND v.archived_at IS NULL""",
        {"engagements_evidencerow": _OWN},
    ),
    "update": (
        """SELECT u.id, 'team', 0, u.engagement_id, 'Quarterly update, Q' || u.quarter || ' ' || u.year,
            concat_ws(E'\\n', u.what_we_did, u.what_we_learned, u.what_we_changed, u.what_we_need), '',
            make_date(u.year, u.quarter * 3, 28)
          FROM engagements_quarterlyupdate u WHERE u.id = ANY($1) AND u.archived_at IS NULL
          UNION ALL
          SELECT u.id, 'open', 0, u.engagement_id, 'Quarterly update, Q' || u.quarter || ' ' || u.year,
            concat_ws(E'\\n', c.what_we_did, c.what_we_learned, c.what_we_changed, c.what_we_need), '',
            make_date(u.year, u.quarter * 3, 28)
          FROM engagements_quarterlyupdate u JOIN LATERAL (
            SELECT x.* FROM engagements_publishedupdate x WHERE x.update_id = u.id ORDER BY x.number DESC LIMIT 1
          ) AS c ON true WHERE u.id = ANY($1) AND u.archived_at IS NULL""",
        {"engagements_quarterlyupdate": _OWN, "engagements_publishedupdate": "SELECT update_id FROM changed"},
    ),
    "record": (
        """SELECT r.id, 'open', 0, r.engagement_id, r.title, concat_ws(E'\\n', r.body, r.present), r.kind, r."on"
          FROM engagements_record r WHERE r.id = ANY($1) AND r.archived_at IS NULL""",
        {"engagements_record": _OWN},
    ),
    "comment": (
        """SELECT c.id, 'open', 0, c.engagement_id, '', c.body, c.author_id::text, (c.created_at AT TIME ZONE 'UTC')::date
          FROM engagements_comment c WHERE c.id = ANY($1) AND c.archived_at IS NULL""",
        {"engagements_comment": _OWN},
    ),
    "request": (
        """SELECT q.id, 'open', 0, q.engagement_id, '', concat_ws(E'\\n', q.question, q.answer), q.kind,
            (q.asked_at AT TIME ZONE 'UTC')::date
          FROM engagements_expertrequest q WHERE q.id = ANY($1) AND q.archived_at IS NULL""",
        {"engagements_expertrequest": _OWN},
    ),
    "risk": (
        """SELECT k.id, 'open', 0, k.engagement_id, k.title, concat_ws(E'\\n', k.mitigation, k.outcome), '', k.opened_on
          FROM engagements_risk k WHERE k.id = ANY($1) AND k.archived_at IS NULL""",
        {"engagements_risk": _OWN},
    ),
    "indicator": (
        """SELECT n.id, 'open', 0, n.engagement_id, n.name, concat_ws(E'\\n', n.definition, n.denominator, n.source), '',
            NULL::date
          FROM engagements_indicator n WHERE n.id = ANY($1) AND n.archived_at IS NULL""",
        {"engagements_indicator": _OWN},
    ),
    "note": (
        """SELECT n.id, 'open', 0, NULL::bigint, '', n.body, c.slug || ' ' || n.tract_geoid, n.began_on
          FROM engagements_localnote n JOIN atlas_city c ON c.id = n.city_id
          WHERE n.id = ANY($1) AND n.archived_at IS NULL""",
        {"engagements_localnote": _OWN},
    ),
}
COLUMNS = 'object_id bigint, layer text, part integer, engagement_id bigint, title text, body text, ref text, "on" date'
EVENTS = (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))


def functions():
    for kind, (select, _) in KINDS.items():
        yield migrations.RunSQL(
            f"CREATE FUNCTION engagements_search_{kind}(ids bigint[]) RETURNS TABLE ({COLUMNS}) "
            f"LANGUAGE sql STABLE AS $$ {select} $$",
            f"DROP FUNCTION engagements_search_{kind}(bigint[])",
        )


def triggers():
    for kind, (_, tables) in KINDS.items():
        for table, ids in tables.items():
            for event, state in EVENTS:
                name = f"{table}_search_{kind}_{event}"
                yield migrations.RunSQL(
                    f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {state} TABLE AS changed "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION engagements_note_search('{kind}', '{ids}')",
                    f"DROP TRIGGER {name} ON {table}",
                )


def index_what_is_there(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for kind, (_, tables) in KINDS.items():
            cursor.execute(f"SELECT array_agg(id) FROM {next(iter(tables))}")  # noqa: S608 - our own names
            cursor.execute("SELECT engagements_index_search(%s, %s)", [kind, cursor.fetchone()[0]])
        cursor.execute("SELECT to_regprocedure('similarity(text, text)') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE INDEX engagements_searchword_close ON engagements_searchword USING gin (word gin_trgm_ops)")


class Migration(migrations.Migration):
    dependencies = [
        ("atlas", "0029_occupation_wages"),
        ("engagements", "0035_notification_choices"),
    ]

    operations = [
        BatchedOperations(migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                ("known_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                ("layer", models.CharField(max_length=4)),
                ("part", models.PositiveIntegerField(default=0)),
                ("title", models.TextField(blank=True, default="")),
                ("body", models.TextField(blank=True, default="")),
                (
                    "ref",
                    models.TextField(
                        blank=True, default="", help_text="what its address or its heading needs beside its id"
                    ),
                ),
                ("on", models.DateField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("changed_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_words"),
                    models.Index(fields=["changed_at"], name="search_changed"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id", "layer", "part"), name="search_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(("layer__in", ["open", "team"])), name="search_layer_is_known"
                    ),
                ],
            },
        ),),
        migrations.RunSQL(PLAIN, FORGET),
        *functions(),
        *triggers(),
        migrations.RunPython(index_what_is_there, migrations.RunPython.noop, elidable=False),
    ]

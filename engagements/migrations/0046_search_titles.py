"""Words of titles can be asked for alone, and a common word is looked for among the newest first."""

from django.db import migrations, models

from engagements.migration_operations import BatchedOperations

_WORDS = """
CREATE OR REPLACE FUNCTION engagements_search_words(kind text, title text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- Words as they are for whoever is still typing, and their stems, so that "meetings" finds a meeting; the kind as
  -- "=milestone", and those of the title once more as "^coaching".
  SELECT array_to_tsvector(ARRAY['=' || kind])
    {titles}
    || setweight(to_tsvector('pg_catalog.simple', t) || to_tsvector('pg_catalog.english', t), 'A')
    || setweight(to_tsvector('pg_catalog.simple', b) || to_tsvector('pg_catalog.english', b), 'D')
  FROM (SELECT engagements_search_plain(left(title, 1000)) AS t, engagements_search_plain(left(body, 60000)) AS b) AS p
$$;
UPDATE engagements_searchentry SET words = engagements_search_words(kind, title, body);
DELETE FROM engagements_searchword WHERE word LIKE '^%';
"""
_TITLES = """|| array_to_tsvector(ARRAY(SELECT '^' || lexeme FROM unnest(
      to_tsvector('pg_catalog.simple', t) || to_tsvector('pg_catalog.english', t)) AS u(lexeme, positions, weights)))"""

_NEWEST = (
    models.F("kind"),
    models.OrderBy(models.F("on"), descending=True, nulls_last=True),
    models.OrderBy(models.F("id"), descending=True),
)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0045_received_mail")]

    operations = [
        migrations.RunSQL(_WORDS.format(titles=_TITLES), _WORDS.format(titles="")),
        BatchedOperations(
            migrations.AddIndex(
                model_name="searchentry", index=models.Index(*_NEWEST, name="search_newest")
            ),
            migrations.AddIndex(
                model_name="searchentry",
                index=models.Index(*_NEWEST, name="search_newest_titles", condition=models.Q(("part", 0))),
            ),
        ),
    ]

"""The Census Bureau's list of places; once one is live, a city is one of its places or of the imported outlines."""

import django.db.models.deletion
from django.db import migrations, models

CHECK = """
CREATE FUNCTION atlas_city_is_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM atlas_livepart WHERE dataset = 'census_places_2019')
        AND NOT EXISTS (
            SELECT 1 FROM atlas_censusplace p
            JOIN atlas_livepart l ON l.release_id = p.release_id AND l.dataset = 'census_places_2019'
            WHERE p.geoid = NEW.place_geoid
        )
        AND NOT EXISTS (SELECT 1 FROM atlas_boundary b WHERE b.part = NEW.place_geoid AND b.geoid = b.part)
    THEN
        RAISE EXCEPTION 'This is no place of the Census list.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'city_is_a_census_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER atlas_city_is_a_place BEFORE INSERT OR UPDATE OF place_geoid ON atlas_city
    FOR EACH ROW EXECUTE FUNCTION atlas_city_is_a_place();
"""
UNCHECK = """
DROP TRIGGER atlas_city_is_a_place ON atlas_city;
DROP FUNCTION atlas_city_is_a_place();
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0025_map_streams_and_points")]

    operations = [
        migrations.CreateModel(
            name="CensusPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geoid", models.CharField(max_length=7)),
                (
                    "name",
                    models.CharField(
                        help_text="without what kind of place it is: Detroit, not Detroit city", max_length=100
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True, default="", help_text="city, town, CDP and so on, as published", max_length=60
                    ),
                ),
                ("usps", models.CharField(max_length=2)),
                ("longitude", models.FloatField(help_text="degrees, of the publisher's point inside the place")),
                ("latitude", models.FloatField(help_text="degrees, of the publisher's point inside the place")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="census_places", to="atlas.release"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "geoid"), name="census_place_once_per_release")
                ],
            },
        ),
        migrations.RunSQL(CHECK, UNCHECK),
    ]

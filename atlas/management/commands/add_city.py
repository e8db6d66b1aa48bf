"""manage.py add_city PLACE_GEOID: makes any US place whose boundary is live a city with a page."""

import shapely
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from atlas.ingest import overlays
from atlas.ingest.cities import free_slug
from atlas.models import City
from atlas.sources.us_outline import state_of


class Command(BaseCommand):
    help = "Makes a US place a city of the portal. Its boundary and its tracts' must have been ingested."

    def add_arguments(self, parser):
        parser.add_argument("place_geoid", metavar="PLACE_GEOID", help="seven digits, for example 2622000")

    @transaction.atomic
    def handle(self, *, place_geoid: str, **options):
        if not (len(place_geoid) == 7 and place_geoid.isdigit()):
            raise CommandError(f"'{place_geoid}' is not a place GEOID: two digits of the state and five of the place.")
        if city := City.objects.filter(place_geoid=place_geoid).first():
            self.stdout.write(f"{city} is a city already: /cities/{city.slug}/")
            return
        place = overlays.place_boundary(place_geoid)
        if place is None:
            raise CommandError(
                f"The boundary of place {place_geoid} has not been ingested. Get the state's TIGER/Line PLACE file "
                f"(https://www2.census.gov/geo/tiger/TIGER2019/PLACE/tl_2019_{place_geoid[:2]}_place.zip) and run "
                "manage.py ingest FILE --commit."
            )
        state_name, usps = state_of(place_geoid[:2])
        point = shapely.point_on_surface(shapely.from_wkb(bytes(place.wkb)))
        city = City.objects.create(
            slug=free_slug(place.name, usps, place_geoid),
            name=place.name,
            state_name=state_name,
            state_usps=usps,
            place_geoid=place_geoid,
            longitude=point.x,
            latitude=point.y,
        )
        if not overlays.rebuild_city(city):
            raise CommandError(
                f"No tract boundaries near {place.name} have been ingested. Get the state's 2010 tract file "
                f"(https://www2.census.gov/geo/tiger/GENZ2010/gz_2010_{place_geoid[:2]}_140_00_500k.zip) and run "
                "manage.py ingest FILE --commit, then add the city."
            )
        count = city.tracts.filter(belongs=True).count()
        self.stdout.write(f"{city} has {count} tracts: /cities/{city.slug}/")

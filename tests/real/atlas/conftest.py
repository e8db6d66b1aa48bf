"""Files of the Atlas, of counties and of maps: brought in once for all modules of this folder."""

import pytest


@pytest.fixture(scope="package")
def reports(real_data, django_db_setup, django_db_blocker):
    """What the import said of each file, by its name; everything stays in this worker's database to the last module."""
    # Imported here: a conftest named on the command line is read before Django is set up.
    from django.core.management import call_command

    from atlas.ingest.pipeline import run
    from atlas.ingest.scanning import find_files
    from engagements.seeds.initiative import seed

    with django_db_blocker.unblock():
        seed()
        brought = find_files([real_data / "atlas", real_data / "county", real_data / "geo"])
        found = {path.name: run(path, commit=True) for path in brought}
    yield found
    with django_db_blocker.unblock():
        # Ids go on: a release's vectors are remembered by its id.
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(scope="package")
def decks(reports, django_db_blocker):
    """Each city's deck, made once."""
    from django.test import Client

    from atlas.queries.cities import cities
    from tests.dashboards.documents.deck_reading import open_deck

    with django_db_blocker.unblock():
        found = {}
        for city in cities():
            answer = Client().get(f"/cities/{city.slug}/profile.pptx")
            assert answer.status_code == 200, city.slug
            found[city.slug] = open_deck(answer.content)
        return found

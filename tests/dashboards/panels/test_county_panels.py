"""Panels of the newer county files: only where loaded, of the whole county, without a standard error and saying so."""

import pytest

from atlas.ingest.confirmations import confirm
from atlas.ingest.pipeline import run
from atlas.queries import cities as city_queries
from atlas.sources.us_outline import county_names
from dashboards.panels.catalog import panel
from dashboards.panels.options import Options
from tests.factories import county_tables, files, portal
from tests.reading_grade import grade, sentences_of, words_of

pytestmark = pytest.mark.django_db
CITY = "/cities/springfield/"


@pytest.fixture
def built(tmp_path):
    portal.build(tmp_path)


def page(client) -> str:
    """What the city's page says of these panels, and what their own pages say beside their tables."""
    shown = [client.get(CITY)]
    found = [slug for slug in ("births", "credit", "county-download") if f'id="{slug}"' in shown[0].content.decode()]
    shown += [client.get(f"{CITY}charts/{slug}/") for slug in found]
    assert all(answer.status_code == 200 for answer in shown)
    return "".join(answer.content.decode() for answer in shown)


def test_without_such_files_nothing_is_said_of_them(built, client):
    shown = page(client)
    assert 'id="births"' not in shown and 'id="credit"' not in shown and 'id="county-download"' not in shown
    assert "has been imported" in client.get(f"{CITY}births.csv").content.decode()


def easy(slug: str) -> bool:
    """Whether a panel's finding and "How we know" keep to the limits of every public text."""
    shown = panel(city_queries.city("springfield"), slug, Options())
    long = [one for one in sentences_of(shown.finding) if len(words_of(one)) > 20]
    return not long and grade(shown.finding) <= 8 and len(" ".join(shown.caveats).split()) <= 170


def test_births_of_1978_and_1992(built, client, tmp_path):
    portal.ingest(county_tables.trends(tmp_path / "trends.csv"))
    shown = page(client)
    assert "Children born 1978 and 1992" in shown
    assert (
        f"In {county_names()['26163']}, low-income children born in 1992 reached the 36th percentile of household "
        "income at 27."
    ) in shown
    assert "Those born in 1978 reached the 38th: 2.0 percentiles lower." in shown
    for group in ("White", "Black"):
        assert f"{group} children went from the 38th to the 36th." in shown
    assert "no margin of error" in shown and easy("births")
    assert "American Indian" in shown and "never compared with the Opportunity Atlas" in shown
    table = client.get(f"{CITY}births.csv").content.decode()
    assert "“emp”" in table and "unit not confirmed" in table
    confirm(kind="unit", subject="emp (births 1978-92)", meaning="share")
    assert "unit not confirmed" not in client.get(f"{CITY}births.csv").content.decode()


def test_single_birth_years_where_no_fitted_table_is_loaded(built, client, tmp_path):
    portal.ingest(county_tables.cohorts(tmp_path / "cohorts.csv"))
    shown = page(client)
    assert "born in 1992 reached the 44th percentile" in shown and "one birth year alone" in shown
    assert "change calculated from the two values" in client.get(f"{CITY}births.csv").content.decode()
    portal.ingest(county_tables.trends(tmp_path / "trends.csv"))
    assert "born in 1992 reached the 36th percentile" in page(client)


def test_credit_is_shown_as_published(built, client, tmp_path):
    portal.ingest(county_tables.credit(tmp_path / "score.csv"))
    portal.ingest(
        county_tables.credit(tmp_path / "late.csv", "shrunk_xkid_delinq90_02020", numbers=(".12", ".1", ".2"))
    )
    shown = page(client)
    assert "had an average credit score of 621 in 2020." in shown and "The middle US county had 621." in shown
    assert "White children had 640 (middle US county 640)." in shown and "Black children had 580" in shown
    assert easy("credit")
    assert "The file loaded here has no margin of error." in shown and "nothing here shrinks them again" in shown
    table = client.get(f"{CITY}credit.csv").content.decode()
    assert "Delinquency rate in 2020" in table and "share, unit not confirmed" in table


def test_a_county_download_by_group(built, client, tmp_path):
    header = "cty,Name,kfr_rP_gP_p25,kfr_rP_gP_p25_x,kfr_rB_gF_p25,kfr_rB_gF_p25_x,jail_rP_gP_pall"
    path = files.write(tmp_path / "county.csv", f"{header}\ncty26163,Wayne,31000,100,25000,200,.02\n")
    run(path, commit=True)
    shown = page(client)
    assert "The county by group" in shown and "Black girls" in shown and "second columns are held back" in shown
    assert easy("county-download")
    assert "incarcerated" not in client.get(f"{CITY}county-download.csv").content.decode()
    confirm(kind="suffix", subject="_x", meaning="standard_error")
    run(path, commit=True)
    assert "held back" not in page(client)
    assert "100" in client.get(f"{CITY}county-download.csv").content.decode()

"""Numbers that cannot be right: the import names them and asks; a file without one value is refused."""

import pytest
from django.contrib.auth import get_user_model

from atlas.ingest import operations
from atlas.ingest.pipeline import Mode, run
from atlas.models import LivePart, Release
from atlas.queries.cities import cities
from atlas.queries.headlines import headlines
from atlas.queries.live import live_catalog
from tests.factories import files, grid, portal

pytestmark = pytest.mark.django_db
GEOID, OTHER = "26163500100", "01001020100"
KFR = "kfr_pooled_pooled_p25"


def simple(path, kfr=0.4, error=0.02):
    return grid.simple_tracts(path, {GEOID: (kfr, error, 200.0), OTHER: (0.41, 0.02, 300.0)})


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"kfr": 7.5}, f"1 value of {KFR} out of range, such as 7.5"),
        ({"kfr": -3.0}, f"1 value of {KFR} out of range, such as -3"),
        ({"error": 900.0}, f"1 standard error of {KFR} out of range, such as 900"),
    ],
)
def test_a_number_out_of_range_is_asked_about_first(tmp_path, numbers, said):
    path = simple(tmp_path / "a.csv", **numbers)
    refused = run(path, commit=True)
    assert refused.refused and said in refused.sentence() and "--accept-implausible" in refused.sentence()
    assert not Release.objects.exists()
    assert run(path, commit=True, accept_implausible=True).outcome == "activated"


@pytest.mark.parametrize("numbers", [{"kfr": -0.088}, {"kfr": 1.04}, {"error": 0.4}])
def test_predictions_a_little_outside_zero_to_one_are_published_and_right(tmp_path, numbers):
    """Lincoln County's published share of Black children in jail is -0.088."""
    assert run(simple(tmp_path / "a.csv", **numbers), commit=True).outcome == "activated"


def test_in_the_browser_it_waits_for_a_decision_that_names_the_numbers(tmp_path):
    report = run(simple(tmp_path / "a.csv", kfr=7.5), mode=Mode.ACTIVATE, stage_losses=True)
    assert report.outcome == "staged" and "such as 7.5" in report.sentence()
    ann = get_user_model().objects.create_user("ann@city.example", "x", name="Ann")
    decision = {"release_id": report.release_id, "compared_with": (), "accept_losses": False, "by": ann.pk}
    with pytest.raises(operations.OperationDeclined, match="such as 7.5"):
        operations.activate(**decision)
    assert not LivePart.objects.exists()
    operations.activate(**decision, accept_implausible=True)
    assert LivePart.objects.exists()


def test_a_file_of_empty_fields_is_refused(tmp_path):
    path = files.shown_tract(tmp_path / "a.csv", {GEOID: "", OTHER: ""})
    report = run(path, commit=True)
    assert report.refused and "every value in it is empty" in report.sentence()
    assert run(path).refused, "a dry run says so too"


def test_an_empty_column_takes_no_headline_from_a_file_with_values(tmp_path):
    """The simple file answers before the download; here its rank is empty and only its count is not."""
    city = portal.build(tmp_path)
    before = headlines(cities())[city.slug]
    header = "state,county,tract,cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"
    rows = [f"{int(g[:2])},{int(g[2:5])},{int(g[5:])},11600,Detroit,,,300.0" for g in portal.CITY_TRACTS]
    run(files.write(tmp_path / "empty.csv", "\n".join([header, *rows]) + "\n"), commit=True)
    after = headlines(cities())[city.slug]
    assert live_catalog().find("tract", KFR) is None, "a column without a value answers for nothing"
    assert before.value is not None and after.value == pytest.approx(before.value, abs=0.02)

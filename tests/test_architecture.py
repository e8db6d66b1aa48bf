"""The house keeps its shape: import directions, migrations, words and units of every measure."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from atlas import measures
from atlas.sample.columns import early_columns
from atlas.sources.datasets import get_dataset

ROOT = Path(__file__).resolve().parent.parent
OURS = ("atlas", "engagements", "dashboards", "mobility_portal")


def test_imports_go_downwards_only():
    linter = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("slug", sorted(measures.CHARACTERISTICS))
def test_every_characteristic_has_a_label_and_a_unit(slug):
    words = measures.describe(slug)
    assert words.label and words.unit and words.group == "characteristic"


def test_every_column_of_the_full_tract_file_has_words():
    """7,825 names of the grammar: each is an id, a standard error of a measure, or a measure with a unit."""
    ids = {"state", "county", "tract", "cz", "czname"}
    without = []
    for name in early_columns():
        if name in ids or name.endswith("_se"):
            continue
        try:
            words = measures.describe(name)
        except measures.UnknownMeasure:
            without.append(name)
            continue
        assert words.label and words.unit and words.population
    assert without == []


DATASETS = (
    "shown_tract_kfr_rP_gP_p25",
    "shown_tract_median_rent2016",
    "tract_collapse",
    "tract_covariates_hhinc_mean2000",
    "county_outcomes_simple",
    "pctile_to_dollar_kfr",
    "tract_boundaries_2010",
    "place_boundaries",
)


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_names_publisher_citation_licence_and_vintage(key):
    info = get_dataset(key)
    assert all((info.title, info.publisher, info.citation, info.licence, info.vintage))
    assert all(address.startswith("https://") for address in info.addresses) and info.addresses


def test_no_word_on_a_page_belittles_a_place():
    banned = re.compile(r"low-opportunity|failing neighborhood|bad neighborhood|\bworst\b", re.I)
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "dashboards").rglob("*.py")]:
        assert not banned.search(path.read_text("utf-8")), path


def test_no_inline_script_or_style_in_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        markup = re.sub(r"\{%.*?%\}", "", text)  # `{% with one=... %}` is no attribute
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", markup), path
        assert "https://" not in text, f"{path} names another host"


def test_the_user_model_is_our_own_from_the_first_migration():
    assert apps.get_model("engagements", "User")._meta.label == "engagements.User"
    first = (ROOT / "engagements/migrations/0001_initial.py").read_text("utf-8")
    assert 'name="User"' in first

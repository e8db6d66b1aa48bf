"""The notebook in docs/ runs from the first cell to the last against a live portal."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from dashboards.downloads import files
from tests.factories import portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "read_the_data.ipynb"


@pytest.fixture
def read_notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_the_notebook_runs_against_a_live_portal(read_notebook, live_server, tmp_path, settings, monkeypatch):
    settings.MOBILITY_HOME = tmp_path / "home"
    files._current.cache_clear()
    portal.build(tmp_path)
    monkeypatch.setenv("PORTAL", live_server.url)
    NotebookClient(read_notebook, timeout=120, kernel_name="python3").execute()
    said = "".join(str(cell.get("outputs", "")) for cell in read_notebook.cells)
    assert "springfield: 3 tracts" in said and "kfr_pooled_pooled_p25_usd_2015" in said


def test_no_output_is_kept_in_it(read_notebook):
    """Outputs would be numbers of one day, without anybody who checks them."""
    assert all(cell.get("outputs", []) == [] for cell in read_notebook.cells)

"""The publishers' real files, where ATLAS_DATA_DIR names them; skipped with that reason where it does not."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = os.environ.get("ATLAS_DATA_DIR", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ATLAS_DATA_DIR names no folder with the publishers' files")
    return Path(folder)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/real" in str(item.path):
            item.add_marker(pytest.mark.real)

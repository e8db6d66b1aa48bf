import json
from pathlib import Path

import pytest

from atlas.sample.shipped_files import write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def manifest(sample) -> dict:
    return json.loads((sample / "manifest.json").read_text())

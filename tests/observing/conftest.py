"""Each test begins without notes: which errors and tasks the tests before it noted in this process must not show."""

import pytest

from mobility_portal.observing import notes


@pytest.fixture(autouse=True)
def no_notes():
    client = notes.client()
    client.delete(*client.scan_iter("portal:errors:*"), "portal:task-runs")

import pytest

from tests.browser.chromium import running


@pytest.fixture(scope="session", autouse=True)
def chromium_ends_with_the_tests():
    yield
    running.stop()

import pytest

from tests.factories import publisher


@pytest.fixture
def server():
    with publisher.publisher() as found:
        yield found

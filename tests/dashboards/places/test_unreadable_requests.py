"""More than a form takes: a page in the portal's own words with what to do, and a problem document for programs."""

import pytest
from django.urls import reverse

from dashboards.areas.forms import MAX_TEXT_LENGTH

TOO_MUCH = "26163500100 " * 200_000  # 2.4 MB


@pytest.mark.django_db
def test_a_paste_larger_than_any_area_says_what_to_do(client):
    response = client.post(reverse("area_new"), {"name": "All", "geoids": TOO_MUCH})
    page = response.content.decode()
    assert response.status_code == 400 and response["Content-Type"].startswith("text/html")
    assert "<h1>" in page and "2,000" in page and "Nothing was saved" in page
    assert "Bad Request" not in page and "components.css" in page


@pytest.mark.django_db
def test_the_field_says_how_much_it_takes(client):
    page = client.get(reverse("area_new")).content.decode()
    assert f'maxlength="{MAX_TEXT_LENGTH}"' in page and "at most 2,000" in page


@pytest.mark.django_db
def test_the_api_answers_a_damaged_request_with_a_problem_document(client):
    response = client.get("/api/v1/cities/", headers={"host": "not a host"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "could not be read" in response.json()["detail"]

"""What a page says of itself to networks, and the fold that copies links."""

import pytest
from django.template import Context, Template

from atlas.queries.cities import city as find_city
from atlas.queries.one_tract import find_tract
from tests.factories import grid

HOSTILE = '"><script>alert(1)</script>'


def rendered(text: str, **context) -> str:
    return Template("{% load sharing %}" + text).render(Context(context))


@pytest.fixture(autouse=True)
def name(settings):
    settings.PORTAL_URL = "https://portal.example.org/"


def test_a_page_without_more_has_a_name_and_no_picture():
    page = rendered("{% social_meta %}")
    assert 'property="og:title" content="Mobility Portal"' in page and 'content="summary"' in page
    assert "og:image" not in page and "canonical" not in page


def test_addresses_are_whole_and_under_the_portals_own_name():
    page = rendered(
        '{% social_meta title description "/cities/detroit/" "/share/cities/detroit.png" %}', title="Detroit"
    )
    assert 'property="og:url" content="https://portal.example.org/cities/detroit/"' in page
    assert 'rel="canonical" href="https://portal.example.org/cities/detroit/"' in page
    assert 'property="og:image" content="https://portal.example.org/share/cities/detroit.png"' in page
    assert 'content="summary_large_image"' in page and 'content="1200"' in page and 'content="630"' in page


def test_hostile_words_stay_inside_their_attribute():
    page = rendered('{% social_meta title description "/x/" "/x.png" %}', title=HOSTILE, description=HOSTILE)
    assert "<script" not in page and page.count("&lt;script&gt;") == 3


@pytest.mark.django_db
def test_a_city_offers_its_link_its_frames_and_its_picture(tmp_path):
    place = find_city(grid.build(tmp_path).slug)
    page = rendered("{% share_city place query %}", place=place, query="measure=a&view=within")
    assert f'value="https://portal.example.org/cities/{place.slug}/?measure=a&amp;view=within"' in page
    assert page.count("&lt;iframe ") == 2 and page.count("data-copy=") == 3 and page.count(" hidden") == 3
    assert f'href="/share/cities/{place.slug}.png"' in page and "<script" not in page


@pytest.mark.django_db
def test_a_tract_of_a_city_offers_a_picture_and_no_frame(tmp_path):
    grid.build(tmp_path)
    page = rendered("{% share_tract tract %}", tract=find_tract(grid.geoids()[0]))
    assert "/share/tracts/" in page and "iframe" not in page

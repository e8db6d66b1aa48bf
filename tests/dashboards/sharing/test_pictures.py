"""Pictures of social cards: their size, what they hang on, who has one, and that hostile words stay words."""

import io
from dataclasses import replace

import pytest
from django.core.cache import cache
from PIL import Image

from dashboards.charts.theme import ABOVE_US, BELOW_US
from dashboards.sharing import cards, picture_views
from dashboards.sharing.picture import draw_card
from tests.factories import grid, portal
from tests.factories.layers import roads

pytestmark = pytest.mark.django_db
TRACT = grid.geoids()[0]


@pytest.fixture
def city(tmp_path, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    cache.clear()
    return grid.build(tmp_path)


def read(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body)).convert("RGB")


def colors(body: bytes) -> set[str]:
    found = read(body).getcolors(maxcolors=1 << 24)
    return {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in found}


def test_a_city_and_its_tracts_have_a_picture_of_the_size_networks_show(city, client):
    for address in (f"/share/cities/{city.slug}.png", f"/share/tracts/{TRACT}.png"):
        answer = client.get(address, headers={"host": "localhost"})
        assert answer.status_code == 200 and answer["Content-Type"] == "image/png" and not answer.cookies
        assert read(answer.content).size == (1200, 630)
        assert colors(answer.content) >= {color.lower() for color in (*BELOW_US, *ABOVE_US)}  # the scale is inside


def test_years_limits_and_the_number_are_in_the_picture_and_the_page_is_named(city):
    card = cards.city_card(city.slug)
    assert card.map.map.years.startswith("Children born 1978–83") and "born 1978 to 1983" in card.about
    assert card.figures[0].number.startswith("$") and str(60) in card.sentence
    assert (card.path, card.picture_path) == (f"/cities/{city.slug}/", f"/share/cities/{city.slug}.png")
    tract = cards.tract_share_card(TRACT)
    assert tract.selected == TRACT and any("1978–83" in note for note in tract.footnotes)


def test_the_tract_has_a_ring(city):
    card = cards.tract_share_card(TRACT)
    assert draw_card(card, "x") != draw_card(replace(card, selected=""), "x")


def test_without_margins_the_picture_says_so(tmp_path):
    city = grid.build(tmp_path, errors=False)
    assert any("margin of error" in note for note in cards.city_card(city.slug).footnotes)
    assert any("margin of error" in note for note in cards.tract_share_card(TRACT).footnotes)


def test_a_sample_is_marked_in_the_picture(tmp_path):
    city = grid.build(tmp_path, sample=True)
    card = cards.city_card(city.slug)
    assert card.is_sample and "#835300" in colors(draw_card(card, "x"))
    assert "#835300" not in colors(draw_card(replace(card, is_sample=False), "x"))


def test_only_what_is_shown_makes_work(city, client, monkeypatch):
    monkeypatch.setattr(picture_views, "draw_card", lambda *a: pytest.fail("drawn"))
    for address in ("/share/cities/nowhere.png", "/share/tracts/06037101110.png", "/share/tracts/99999999999.png"):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/share/cities/{city.slug}.png?measure=x").status_code == 400
    assert client.get(f"/share/tracts/{TRACT[:-1]}.png").status_code == 404


def test_a_city_without_a_map_has_no_picture(client):
    portal.add_city()
    assert client.get("/share/cities/springfield.png").status_code == 404


def test_a_picture_is_drawn_once_until_something_goes_live(city, client, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(picture_views, "draw_card", lambda card, address: drawn.append(address) or b"png")
    first = client.get(f"/share/cities/{city.slug}.png")
    assert client.get(f"/share/cities/{city.slug}.png").content == b"png"
    assert drawn == [f"portal.example.org/cities/{city.slug}/"]
    same = client.get(f"/share/cities/{city.slug}.png", headers={"if-none-match": first["ETag"]})
    assert same.status_code == 304 and not same.content and len(drawn) == 1
    portal.ingest(roads(tmp_path, [("I- 94", "I", "S1100", [(-83.05, 42.31), (-83.04, 42.33)])]))
    assert client.get(f"/share/cities/{city.slug}.png")["ETag"] != first["ETag"] and len(drawn) == 2


def test_pictures_are_counted_like_other_files(city, client, settings):
    settings.PUBLIC_READS_PER_MINUTE = 2
    answers = [client.get(f"/share/tracts/{code}.png").status_code for code in (TRACT, TRACT, TRACT)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize(
    "words", ['#read("/etc/passwd")', "*bold* $x$ \\ @ref", "\x00\x1b[0m", "‮right to left", "W" * 300]
)
def test_hostile_words_are_drawn_as_words(city, words):
    card = replace(cards.city_card(city.slug), title=words, sentence=words, about=words, footnotes=(words,))
    assert read(draw_card(card, words)).size == (1200, 630)

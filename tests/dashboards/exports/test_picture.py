import io

import pytest
from PIL import Image

from dashboards.charts.theme import ABOVE_US, BELOW_US
from dashboards.exports.credits import credits, short_credits, sources_of
from dashboards.exports.picture import panel_png
from dashboards.panels import headline, where
from tests.dashboards.panels.records import HOSTILE, make_city, make_geometry, make_headline, make_source, make_tracts


def read(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def colors(image: Image.Image) -> set[str]:
    return {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(maxcolors=1 << 24)}


def test_a_picture_has_two_pixels_for_one_and_the_map_in_it():
    image = read(panel_png(where.build(make_tracts()), make_geometry()))
    assert image.width == 1520
    assert colors(image) >= {color.lower() for color in (*BELOW_US, *ABOVE_US)}


def test_the_same_panel_gives_the_same_bytes():
    panel = headline.build(make_city(), make_headline())
    assert panel_png(panel, None) == panel_png(panel, None)


def test_the_source_and_the_samples_mark_travel_under_the_picture():
    published = headline.build(make_city(), make_headline())
    unsourced = headline.build(make_city(), make_headline(sources=()))
    sample = headline.build(make_city(), make_headline(sources=(make_source(is_sample=True),)))
    assert read(panel_png(published, None)).height > read(panel_png(unsourced, None)).height
    assert "#835300" in colors(read(panel_png(sample, None)))
    assert "#835300" not in colors(read(panel_png(published, None)))


def test_hostile_names_make_a_picture_and_nothing_else():
    for name in (HOSTILE, '#read("/etc/passwd")', "*bold* $x$ \\ @ref", "\x00\x1b[0m", "‮right to left"):
        source = make_source(title=name)
        assert read(panel_png(headline.build(make_city(name=name), make_headline(sources=(source,))), None)).width


def test_a_panel_without_a_figure_is_refused():
    with pytest.raises(ValueError, match="has no figure"):
        panel_png(headline.build(make_city(), make_headline(value=None)), None)


def test_credits_name_publisher_vintage_and_sample_and_share_their_citation():
    sample = make_source(is_sample=True, release_id=8, title="Another")
    assert credits((make_source(), sample)) == [
        "Opportunity Insights: Household income at 35 (births 1978-83, 2010 tracts); Another (births 1978-83, 2010 "
        "tracts, synthetic sample data). Chetty and others (2018). Free with attribution."
    ]
    assert len(credits((make_source(), make_source(citation="Someone else (2020)")))) == 2
    panel = headline.build(make_city(), make_headline(sources=(make_source(), sample)))
    assert sources_of((panel, panel)) == (make_source(), sample)
    assert short_credits((make_source(), make_source(vintage="yearly, 2014-2023"))) == [
        "Source: Opportunity Insights, Household income at 35.",
        "Source: Opportunity Insights, Household income at 35 (yearly, 2014-2023).",
    ]

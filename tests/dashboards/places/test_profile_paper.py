import time
from dataclasses import replace
from datetime import date

import pytest

from dashboards.documents.model import KeyNumber, Picture
from dashboards.documents.one_page import balanced, fitting_notes, one_page_data
from dashboards.documents.pdf import DoesNotFit, write_pdf
from dashboards.exports.typeset import typeset
from dashboards.panels import distribution, headline, where
from dashboards.places.profile import Profile, headline_numbers
from dashboards.places.profile_paper import drawing_of, paper_document
from tests.dashboards.exports.pdf_tags import HEADINGS, missing_from, tags_of
from tests.dashboards.exports.pdf_text import read_pdf, squeezed
from tests.dashboards.panels.records import (
    HOSTILE,
    make_city,
    make_geometry,
    make_headline,
    make_histogram,
    make_source,
)
from tests.dashboards.panels.records import make_tracts as tracts

MARKUP = '#read("/etc/passwd") *bold* $x^2$ @ref <label> \\ // `raw` #panic("x")'


def make_profile(**changes) -> Profile:
    found = make_headline(standard_error=0.004)
    values = {
        "name": "Springfield",
        "title": "Springfield, Ohio",
        "lede": headline.describe(make_city(), found),
        "address": "https://portal.example/cities/springfield/",
        "made_on": date(2026, 11, 3),
        "panels": (where.build(tracts()), headline.build(make_city(), found)),
        "geometry": make_geometry(),
        "numbers": headline_numbers(found),
    }
    return Profile(**{**values, **changes})


def paper_pdf(profile: Profile) -> bytes:
    return write_pdf(paper_document(profile))


def test_the_page_says_everything_it_must():
    said = read_pdf(paper_pdf(make_profile()))
    for words in (
        "Springfield, Ohio",
        "reached the 31st income percentile in their 30s, on average",
        "30.4 to 32.0",
        "$22,000",
        "In the published estimates, 3 of 3 Springfield neighborhoods",
        "How did children who grew up in Springfield do as adults?",
        "Clark County",
        "Household income at 35 (births 1978-83, 2010 tracts). Chetty and others (2018)",
        "The file loaded here has no margin of error",
        "Nov 3, 2026",
        "https://portal.example/cities/springfield/",
    ):
        assert squeezed(words) in said, words


def test_text_of_others_is_printed_never_run():
    said = read_pdf(paper_pdf(make_profile(title=MARKUP, lede=HOSTILE)))
    assert squeezed(MARKUP) in said
    assert squeezed(HOSTILE) in said


def test_the_document_reads_no_file_but_its_own():
    source = b'#read("/etc/hostname")'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboards.exports.typeset._source", lambda name: source)
        with pytest.raises(Exception, match="not found|denied|outside"):
            typeset("profile", {}, "pdf")


def test_control_characters_are_gone():
    assert squeezed("Springfield") in read_pdf(paper_pdf(make_profile(title="Spring\x00\x07field")))


def test_title_publisher_language_and_tags_for_those_who_listen():
    pdf = paper_pdf(make_profile())
    assert b"Mobility Portal" in pdf and missing_from(pdf) == []
    tags = list(tags_of(pdf).all())
    figures = [tag.alt for tag in tags if tag.kind == "Figure"]
    assert len(figures) == 2 and len(set(figures)) == 2
    assert [tag.kind for tag in tags if tag.kind in HEADINGS] == ["H1", "H2", "H2", "H2", "H2"], "figures, how, sources"


def test_a_picture_is_said_in_words_and_not_by_its_title_alone():
    profile = make_profile()
    for alt in (tag.alt for tag in tags_of(paper_pdf(profile)).all() if tag.kind == "Figure"):
        (panel,) = (panel for panel in profile.panels if panel.title.split(":")[0] in alt)
        assert len(alt) > len(panel.title) + 20


def test_the_sample_says_so_at_the_top():
    sample = headline.build(make_city(), make_headline(sources=(make_source(is_sample=True),)))
    assert read_pdf(paper_pdf(make_profile(panels=(sample,)))).startswith("Syntheticsampledata:generated")
    assert "ample data" not in read_pdf(paper_pdf(make_profile()))


def test_the_same_profile_gives_the_same_bytes_quickly():
    first, begin = paper_pdf(make_profile()), time.process_time()
    assert paper_pdf(make_profile()) == first
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_one_page_whatever_number_of_panels(count):
    kinds = (where.build(tracts()), headline.build(make_city(), make_headline()))
    kinds += (distribution.build(tracts(), *make_histogram()),)
    assert paper_pdf(make_profile(panels=(kinds * 2)[:count]))


def test_a_map_is_as_wide_as_the_front_and_the_other_figures_are_on_the_back():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="520"><rect width="800" height="520"/></svg>'
    drawn = Picture(svg, 800, 520, "Map of Springfield")
    kinds = (headline.build(make_city(), make_headline()), where.build(tracts()))
    profile = make_profile(panels=(*kinds, distribution.build(tracts(), *make_histogram())), map=drawn)
    data = one_page_data(paper_document(profile))
    assert [part["title"] for part in data["first"]] == [kinds[1].title, kinds[0].title]
    assert data["first"][0]["svg"] == svg and len(data["panels"]) == 1
    assert b"NPages>2<" in paper_pdf(profile)
    two = make_profile(panels=kinds, map=drawn)
    assert one_page_data(paper_document(two))["first"] == [] and b"NPages>1<" in paper_pdf(two)


def test_a_panel_without_a_figure_gives_its_reason():
    bare = headline.build(make_city(), make_headline(value=None))
    assert squeezed(bare.reason) in read_pdf(paper_pdf(make_profile(panels=(bare,))))


def test_more_than_a_page_holds_is_refused_not_cut():
    panel = headline.build(make_city(), make_headline())
    assert paper_pdf(make_profile(panels=(panel,) * 7))
    with pytest.raises(DoesNotFit, match="one page"):
        paper_pdf(make_profile(lede="a long sentence " * 900))


def test_caveats_that_do_not_fit_are_counted_and_their_place_named():
    panel = replace(headline.build(make_city(), make_headline()), caveats=tuple(f"{n} {'x' * 400}" for n in range(20)))
    said = read_pdf(paper_pdf(make_profile(panels=(panel,))))
    kept, left_out = fitting_notes(paper_document(make_profile(panels=(panel,))).sections, 2500)
    assert (len(kept), left_out) == (6, 14)
    assert squeezed("14 more notes stand under the figures at https://portal.example") in said


def test_every_panels_first_caveat_comes_before_anyones_second():
    one, two = (replace(headline.build(make_city(), make_headline()), caveats=(a, "b")) for a in ("a1", "a2"))
    sections = paper_document(make_profile(panels=(one, two))).sections
    assert fitting_notes(sections, 100) == (["a1", "a2", "b"], 0)


def test_columns_balance():
    assert balanced(["a", "b", "c", "d"], 2) == [["a", "b"], ["c", "d"]]
    assert balanced([], 2) == [[], []]


def test_the_strip_says_intervals_or_why_there_is_none():
    with_error, _, published, tract_count = headline_numbers(make_headline(standard_error=0.004))
    assert "30.4 to 32.0" in with_error.small and "adjusted to published county values" in with_error.small
    assert (published.label, published.number) == ("Clark County, as published", "36th")
    assert published.small == "likely range 35.2 to 36.8"
    assert tract_count == KeyNumber("Tracts with a value", "3 of 4", "hold 98.0% of the city’s low-income children")
    assert "no margin of error" in headline_numbers(make_headline())[0].small
    assert headline_numbers(make_headline(value=None)) == ()
    same = headline_numbers(make_headline(basis="published", value=0.36, standard_error=0.004))
    assert same[0].small.startswith("Published. ") and "Clark County" not in str(same), "said once"


def test_a_lede_that_is_a_panels_finding_is_said_once():
    data = one_page_data(paper_document(make_profile()))
    assert [panel["text"] for panel in data["panels"]][1] == ""


def test_every_figure_has_its_birth_years_inside():
    profile = make_profile()
    for panel, part in zip(profile.panels, one_page_data(paper_document(profile))["panels"], strict=True):
        assert panel.years == "Children born 1978–83."
        assert panel.years in part["svg"]
    bare = headline.build(make_city(), make_headline(value=None))
    with pytest.raises(ValueError, match="has no figure"):
        drawing_of(bare, profile)

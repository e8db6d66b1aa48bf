"""Fonts of the pages: made of the installed packages, small, complete for English and Spanish, under names of ours."""

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from mobility_portal.web_fonts import LICENSES, WEB_FONTS, font_file

SPOKEN = "ABCabc0123456789áéíóúüñÁÉÍÓÚÜÑ¿¡$%.,:;–—‘’“”…−×→±°"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fonts")


def test_together_they_stay_below_the_goal(folder):
    assert sum(font_file(name, folder).stat().st_size for name in WEB_FONTS) <= 45_000


@pytest.mark.parametrize("name", WEB_FONTS)
def test_each_has_the_letters_kerning_and_no_reserved_name(name, folder):
    with TTFont(font_file(name, folder)) as font:
        assert font.flavor == "woff2"
        letters = font.getBestCmap()
        assert [letter for letter in SPOKEN if ord(letter) not in letters] == []
        assert {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord} == {"kern"}
        widths = {font["hmtx"][letters[ord(digit)]][0] for digit in "0123456789"}
        assert len(widths) == 1, "digits of a column have one width"
        names = {record.nameID: str(record) for record in font["name"].names}
        assert "Source" not in names[1] + names[4] + names[6] and "Reserved Font Name" in names[0]


def test_one_is_made_once_and_both_licenses_are_served(folder):
    name = next(iter(WEB_FONTS))
    first = font_file(name, folder)
    made_at = first.stat().st_mtime_ns
    assert font_file(name, folder) == first and first.stat().st_mtime_ns == made_at
    for path in [*WEB_FONTS, *LICENSES]:
        assert finders.find(path), path

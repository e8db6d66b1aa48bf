"""The record of what cities reported: each result with its source, each city of the initiative once."""

import tomllib

import pytest

from engagements.base.public_record import RecordFileError, public_record
from engagements.seeds.initiative import SEEDS


def test_it_has_each_city_of_the_initiative_once():
    cities = [one.city for one in public_record().cities]
    known = tomllib.loads((SEEDS / "economic_mobility_2019.toml").read_text("utf-8"))["city"]
    assert sorted(cities) == sorted(entry["slug"] for entry in known)


def test_a_size_is_part_of_the_quoted_result():
    sized = [one for one in public_record().cities if one.size]
    assert sized and all(one.size in one.says and one.source for one in sized)


def test_a_result_without_a_source_is_refused(tmp_path):
    head = 'initiative = "I"\nyears = "2019"\nsearched_on = 2026-11-29\n[[city]]\ncity = "a"\ntried = "b"\n'
    (tmp_path / "r.toml").write_text(head + 'says = "It worked."\n', "utf-8")
    with pytest.raises(RecordFileError, match="a: a result and its source"):
        public_record(tmp_path / "r.toml")

"""Every source on a tiny file, and what is normal in real files: BOM, CRLF, lost zeros, other orders, more columns."""

import numpy as np
import pytest

from atlas.sources.base import EstimateTable, SourceFileError
from atlas.sources.datasets import get_dataset
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.opening import open_file
from tests.factories import files, portal

VALUES = {"26163500100": "20055", "06037101110": "", "01001020100": "1062314"}


def read(path):
    return detect_source(open_file(path)).read(lambda *_: None)


def by_geoid(table: EstimateTable, slug: str) -> dict[int, float | None]:
    column = next(c for c in table.columns if c.slug == slug)
    return {g: None if np.isnan(v) else float(v) for g, v in zip(table.geoids.tolist(), column.value, strict=True)}


def test_a_download_is_dollars_with_suppression_kept(tmp_path):
    table = read(files.shown_tract(tmp_path / "any_name.csv", VALUES, bom=True))
    assert table.dataset.key == "shown_tract_kfr_rP_gP_p25"
    assert by_geoid(table, "kfr_pooled_pooled_p25_usd_2015") == {
        1001020100: 1062314.0,
        6037101110: None,
        26163500100: 20055.0,
    }
    assert table.names == ("Place 0100, MI", "Place 1110, MI", "Place 0100, MI")
    assert table.columns[0].standard_error is None


@pytest.mark.parametrize("wrap", [files.packed, files.zipped], ids=["gzip", "zip"])
def test_packed_files_are_read_as_they_are(tmp_path, wrap):
    plain = read(files.shown_tract(tmp_path / "a.csv", VALUES))
    packed = read(wrap(tmp_path / "a.csv"))
    assert by_geoid(packed, packed.columns[0].slug) == by_geoid(plain, plain.columns[0].slug)


def test_all_children_and_income_groups_are_different_measures(tmp_path):
    table = read(files.shown_tract(tmp_path / "a.csv", VALUES, files.SHOWN["jail"]))
    assert table.columns[0].slug == "jail_pooled_pooled_mean"


def test_reordered_and_additional_columns_and_crlf_are_normal(tmp_path):
    text = f'more,{files.SHOWN["kfr_p25"]},Name,tract\r\nx,100,"A, B",1001020100\r\n'
    table = read(files.write(tmp_path / "a.csv", text))
    assert by_geoid(table, "kfr_pooled_pooled_p25_usd_2015") == {1001020100: 100.0}
    assert table.ignored_columns == ("more",)


def test_collapse_is_rank_times_100_and_its_counts_are_children_of_2000(tmp_path):
    table = read(files.collapse(tmp_path / "a.csv", {"01001020100": ("41.923626", "519")}))
    assert by_geoid(table, "kir_pooled_pooled_p25")[1001020100] == pytest.approx(0.41923626)
    assert by_geoid(table, "kid_pooled_pooled_n")[1001020100] == 519


def test_county_file_pairs_estimates_with_standard_errors_and_keeps_values_outside_0_to_1(tmp_path):
    table = read(
        files.counties(tmp_path / "a.csv", {"26163": (11600, "Detroit", "-.0017383998", ".0009", "258228.39")})
    )
    column = next(c for c in table.columns if c.slug == "kfr_pooled_pooled_p25")
    assert str(column.value[0]) == "-0.0017383998"
    assert column.standard_error[0] == pytest.approx(0.0009)
    assert by_geoid(table, "pooled_pooled_count")[26163] == pytest.approx(258228.39)
    assert by_geoid(table, "cz")[26163] == 11600


def test_income_extract_is_a_data_set_of_its_own(tmp_path):
    table = read(files.income2000(tmp_path / "a.csv", {"01001020100": "68638.727"}))
    assert table.dataset.key == "tract_covariates_hhinc_mean2000"
    assert get_dataset(table.dataset.key).level == "tract"


def test_crosswalk_without_header_is_known_by_what_it_holds(tmp_path):
    table = read(portal.crosswalk(tmp_path / "any.csv"))
    assert table.rows_read == 101 and table.dataset.level == "percentile"


def test_boundaries_of_tracts_and_of_a_place(tmp_path):
    tracts = read(files.tract_map(tmp_path / "t.geojson", {"26163500100": (-83, 42, 0.1, 0.1)}))
    place = read(files.place_map(tmp_path / "p.geojson", "2622000", "Detroit", (-83, 42, 1, 1)))
    assert (tracts.features[0].geoid, tracts.features[0].part) == ("26163500100", "26163")
    assert (place.features[0].geoid, place.features[0].part, place.features[0].name) == (
        "2622000",
        "2622000",
        "Detroit",
    )


def test_a_file_no_source_reads_is_an_unknown_format_whatever_its_name(tmp_path):
    with pytest.raises(UnknownFormat):
        read(files.write(tmp_path / "shown_tract_kfr_rP_gP_p25.csv", "a,b\n1,2\n"))


def test_progress_tells_rows_and_an_end(tmp_path):
    seen = []
    found = detect_source(open_file(files.shown_tract(tmp_path / "a.csv", VALUES)))
    found.read(lambda *step: seen.append(step))
    assert seen[-1][0] == "reading" and seen[-1][1] == 3


DETROIT = {"STATEFP": "26", "PLACEFP": "22000"}
HEADER = f"tract,Name,{files.SHOWN['kfr_p25']}\n"
BROKEN = {
    "text in a number column": (HEADER + "26163500100,A,n/k\n", 2, files.SHOWN["kfr_p25"], "n/k", "not a number"),
    "nan is text": (HEADER + "26163500100,A,nan\n", 2, files.SHOWN["kfr_p25"], "nan", "not a number"),
    "inf is text": (HEADER + "26163500100,A,1\n26163500200,A,inf\n", 3, files.SHOWN["kfr_p25"], "inf", "not a number"),
    "too few fields": (HEADER + "26163500100,A\n", 2, "", "", "2 fields"),
    "too many fields": (HEADER + "26163500100,A,1,2\n", 2, "", "", "4 fields"),
    "no tract": (HEADER + ",A,1\n", 2, "tract", "", "empty"),
    "county code": (HEADER + "26163,A,1\n", 2, "tract", "26163", "11-digit"),
    "state that is none": (HEADER + "3001020100,A,1\n", 2, "tract", "3001020100", "11-digit"),
    "spreadsheet's notation": (HEADER + "2.61635E+10,A,1\n", 2, "tract", "2.61635E+10", "whole number"),
    "duplicate": (HEADER + "26163500100,A,1\n26163500100,A,1\n", 3, "tract", "26163500100", "twice"),
    "header only": (HEADER, None, "", "", "no rows"),
    "duplicate column": (HEADER.strip() + ",Name\n26163500100,A,1,A\n", 1, "Name", "", "twice"),
    "web page": ("<!DOCTYPE html>\n<html>\n", 1, "", "<!DOCTYPE html>", "web page"),
    "empty": ("", None, "", "", "empty"),
    "NUL": (HEADER + "26163500100,A\0,1\n", 2, "", "", "NUL"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_refused_with_line_column_value_and_reason(tmp_path, case):
    text, line, column, value, reason = BROKEN[case]
    with pytest.raises(SourceFileError) as refused:
        read(files.write(tmp_path / "a.csv", text))
    problem = refused.value.problems[0]
    assert (problem.line, problem.column, problem.value) == (line, column, value)
    assert reason in problem.reason


def test_all_problems_are_collected(tmp_path):
    rows = "".join(f"26163{500100 + i},A,bad\n" for i in range(500))
    with pytest.raises(SourceFileError) as refused:
        read(files.write(tmp_path / "a.csv", HEADER + rows))
    assert refused.value.total == 500 and len(refused.value.problems) == 200


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes((HEADER + "26163500100,Caf").encode() + b"\xe9" + b",1\n")
    with pytest.raises(SourceFileError, match="not UTF-8") as refused:
        read(path)
    assert refused.value.problems[0].line == 2


def test_truncated_gzip_is_refused(tmp_path):
    path = files.packed(files.shown_tract(tmp_path / "a.csv", {f"26163{i:06d}": str(i) for i in range(1, 999)}))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceFileError, match="cut short"):
        read(path)


def test_crosswalk_that_falls_or_is_another_table_is_refused(tmp_path):
    rows = portal.crosswalk_rows()
    for changed in ([*rows[:60], 1.0, *rows[61:]], [*rows[:50], rows[50] + 5, *rows[51:]], rows[:-1]):
        text = "".join(f"{p}.0,{usd}\n" for p, usd in enumerate(changed))
        with pytest.raises(SourceFileError):
            read(files.write(tmp_path / "a.csv", text))


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ([{"properties": {"NAME": "x"}, "geometry": None}], "neither tract nor place"),
        ([{"properties": DETROIT, "geometry": None}], "no polygon"),
        ([{"properties": DETROIT, "geometry": {"type": "Point", "coordinates": [0, 0]}}], "no polygon"),
        ([{"properties": DETROIT, "geometry": files.square(400_000, 5_000_000, 10, 10)}], "no polygon"),
        ([], "no boundaries"),
    ],
)
def test_broken_maps_are_refused(tmp_path, features, reason):
    import json

    path = files.write(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(SourceFileError, match=reason):
        read(path)


def test_a_shapefile_without_its_table_is_refused(tmp_path):
    import zipfile

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"\0" * 100)
    with pytest.raises(SourceFileError, match="no .shx"):
        read(path)


def test_a_reader_gets_the_blocks_it_asks_for(tmp_path):
    """Blocks of 1 MB are checked one by one; a reader that asks for 2.5 MB gets them, then the rest, then nothing."""
    text = b"tract,value\n" * 300_000
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text)
    with open_file(path).text_stream() as stream:
        first = stream.read(2_500_000)
        rest = stream.read(2_500_000)
        assert (len(first), len(rest)) == (2_500_000, len(text) - 2_500_000)
        assert first + rest == text, "without the byte order mark"
        assert stream.read(10) == b"" and stream.position == len(text)

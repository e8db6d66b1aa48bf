"""A publisher's table kept as Parquet reads exactly as its text does, and a hostile one is refused in words."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.sources import parquet_text
from atlas.sources.base import SourceFileError, no_progress
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import files

ROWS = {"tract": [6037101110, 26163500100], "Name": ["Tujunga, Los Angeles, CA", "Detroit, MI"]}
COLUMN = files.SHOWN["jail"]


def parquet(path, columns, **options):
    pq.write_table(pa.table(columns), path, **{"compression": "zstd", "write_page_checksum": True, **options})
    return path


def read_text(path) -> str:
    with open_file(path).text_stream() as stream:
        return stream.read().decode()


def test_parquet_reads_as_the_text_it_was_made_from(tmp_path):
    values = pa.array([0.1234, None], pa.float32())
    made = parquet(tmp_path / "jail.parquet", {**ROWS, COLUMN: values})
    text = files.write(
        tmp_path / "jail.csv",
        f'"tract","Name","{COLUMN}"\n6037101110,"Tujunga, Los Angeles, CA",0.1234\n26163500100,"Detroit, MI",\n',
    )
    assert read_text(made) == text.read_text()
    ours, theirs = (detect_source(open_file(path)).read(no_progress) for path in (made, text))
    assert ours.dataset == theirs.dataset and ours.geoids.tolist() == theirs.geoids.tolist()
    assert ours.columns[0].value.tobytes() == theirs.columns[0].value.tobytes() and ours.names == theirs.names


def test_names_left_out_of_a_file_take_nothing_away(tmp_path):
    made = parquet(tmp_path / "jail.parquet", {**ROWS, "Name": ["", ""], COLUMN: [0.1, 0.2]})
    assert detect_source(open_file(made)).read(no_progress).names == ()


def test_progress_follows_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_text, "_ROWS_AT_ONCE", 1)
    opened = open_file(parquet(tmp_path / "jail.parquet", {**ROWS, COLUMN: [0.1, 0.2]}))
    with opened.text_stream() as stream:
        shares = [stream.fraction]
        while stream.read(20):
            shares.append(stream.fraction)
    assert (shares[0], shares[-1]) == (0.0, 1.0) and shares == sorted(shares) and 0.5 in shares
    with open_file(parquet(tmp_path / "none.parquet", {"tract": pa.array([], pa.int64())})).text_stream() as stream:
        assert stream.fraction == 1.0


@pytest.mark.parametrize("where", [0.3, 0.6, 0.97])
def test_a_damaged_file_is_refused_with_a_sentence(tmp_path, where):
    path = parquet(tmp_path / "jail.parquet", {"tract": list(range(5_000)), COLUMN: [i / 7 for i in range(5_000)]})
    data = bytearray(path.read_bytes())
    position = int(len(data) * where)
    data[position : position + 40] = bytes(byte ^ 0xFF for byte in data[position : position + 40])
    path.write_bytes(data)
    with pytest.raises(SourceFileError, match="cut short or damaged|at once|not one of"):
        read_text(path)


def test_a_file_cut_short_is_refused(tmp_path):
    path = parquet(tmp_path / "jail.parquet", {**ROWS, COLUMN: [0.1, 0.2]})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceFileError, match="the Parquet file is cut short or damaged"):
        read_text(path)


def test_columns_that_no_table_of_a_publisher_has_are_refused(tmp_path):
    path = parquet(tmp_path / "lists.parquet", {"tract": [1], "lists": [[1, 2]]})
    with pytest.raises(SourceFileError, match="column lists: holds list.* a table has numbers and text"):
        read_text(path)


def test_a_bomb_is_refused_before_it_expands(tmp_path):
    long = "x" * 1_000_000
    path = parquet(tmp_path / "bomb.parquet", {"tract": list(range(80)), "Name": [long] * 80}, use_dictionary=False)
    assert path.stat().st_size < 200_000
    with pytest.raises(SourceFileError, match="expands to over 80 MB, which no source's table of this size does"):
        read_text(path)


def test_one_long_text_repeated_is_refused_before_it_is_written_out(tmp_path):
    """A list of texts holds it once, so the sizes in the file say nothing of it: 23 kB came to 245 MB at once."""
    path = parquet(tmp_path / "bomb.parquet", {"tract": list(range(8_192)), "Name": ["x" * 30_000] * 8_192})
    assert path.stat().st_size < 50_000
    with pytest.raises(SourceFileError, match="holds over 64 MB of text in 8,192 rows"):
        read_text(path)


def test_missing_texts_read_as_empty(tmp_path):
    made = parquet(tmp_path / "jail.parquet", {**ROWS, "Name": [None, "Detroit, MI"], COLUMN: [0.1, 0.2]})
    assert read_text(made).splitlines()[1:] == ["6037101110,,0.1", '26163500100,"Detroit, MI",0.2']

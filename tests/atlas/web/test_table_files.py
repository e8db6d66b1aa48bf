"""A table as an answer: type, name, checksum, caching, and what describes it."""

import hashlib
import json

import pytest
from django.http import Http404
from django.test import RequestFactory

from atlas.tables.formats import FORMATS
from atlas.web.converters import PACKAGE
from atlas.web.table_files import Shapes, TableFile, table_response, write_file
from tests.atlas.tables.example import FRAME, SHAPES, SOURCE, TABLE

FOUND = TableFile(TABLE, FRAME, lambda: Shapes(SHAPES, (SOURCE,)))


def ask(extension: str, found: TableFile = FOUND, *, is_public: bool = True, **headers):
    request = RequestFactory().get(f"/cities/detroit/where.{extension}", {"measure": "a b"}, headers=headers)
    return table_response(request, found, extension, "detroit-where", is_public=is_public)


@pytest.mark.parametrize("extension", list(FORMATS))
def test_each_format_has_its_type_name_and_descriptor(extension):
    answer = ask(extension)
    assert answer.headers["Content-Type"] == FORMATS[extension].media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="detroit-where.{extension}"'
    assert answer.headers["Link"] == (
        '<http://testserver/cities/detroit/where.datapackage.json?measure=a+b>; rel="describedby"; '
        'type="application/json"'
    )
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_an_unchanged_file_is_not_sent_again():
    first = ask("csv")
    again = ask("csv", **{"if-none-match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert ask("csv", **{"if-none-match": '"other"'}).status_code == 200


def test_what_is_not_public_is_kept_nowhere():
    answer = ask("csv", is_public=False)
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.status_code == 200


def test_the_descriptor_names_the_csv_with_its_checksum():
    (resource,) = json.loads(ask(PACKAGE).content)["resources"]
    csv = ask("csv").content
    assert resource["path"] == "http://testserver/cities/detroit/where.csv?measure=a+b"
    assert resource["hash"] == f"sha256:{hashlib.sha256(csv).hexdigest()}" and resource["bytes"] == len(csv)
    assert "Content-Disposition" not in ask(PACKAGE).headers


def test_the_dataset_lists_each_format_that_can_be_had():
    answer = ask("jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert len(json.loads(answer.content)["distribution"]) == len(FORMATS)
    plain = json.loads(ask("jsonld", TableFile(TABLE, FRAME)).content)
    assert len(plain["distribution"]) == len([made for made in FORMATS.values() if not made.needs_shapes])


@pytest.mark.parametrize(("extension", "reader"), [("py", "pd.read_csv"), ("R", "read.csv")])
def test_code_is_text_that_names_the_file_as_it_is(extension, reader):
    answer = ask(extension)
    code = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8" and reader in code
    assert hashlib.sha256(ask("csv").content).hexdigest() in code and "where.csv?measure=a+b" in code


def test_a_table_without_tracts_has_no_map_files():
    with pytest.raises(Http404, match="no GeoJSON of this table"):
        write_file(TableFile(TABLE, FRAME), "geojson")

"""Parts of addresses that stand for a file's format: importing this module makes <table_file:...> known to Django."""

from django.urls import register_converter

from atlas.tables.formats import FORMATS

PACKAGE, DATASET = "datapackage.json", "jsonld"
CODES = ("py", "R")
DESCRIPTIONS = (PACKAGE, DATASET, *CODES)


class TableFileConverter:
    """Extension of a table's file, of one of its descriptions, or of code that reads it: csv, jsonld, py, ..."""

    regex = "|".join(name.replace(".", r"\.") for name in (*FORMATS, *DESCRIPTIONS))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableFileConverter, "table_file")

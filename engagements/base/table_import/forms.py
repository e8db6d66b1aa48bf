"""The two forms of a table import: a file that is brought, and the table that was previewed and is to be kept."""

from collections.abc import Callable

from django import forms
from django.core.signing import BadSignature, dumps, loads

from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.table import MAX_BYTES, MILESTONES, Kind, Row, Table, TableRefused
from engagements.base.tables.xlsx_table import read_xlsx

PREVIEW_LIFETIME = 24 * 3600  # seconds between the preview and the import
LONGEST_PACKED = 1_500_000  # characters of a table on its way through the page

# Makes rows of a table. Raises TableRefused where the table as a whole can't be read.
Reader = Callable[[Table], tuple]


def pack(table: Table, kind: str, owner: str) -> str:
    """The table, signed for `owner` (who imports what into what), to come back with the second form."""
    rows = [(row.line, row.cells) for row in table.rows]
    packed = {"header": table.header, "rows": rows, "kind": kind, "notes": table.notes, "titles": table.titles}
    return dumps(packed, salt=f"import {owner}", compress=True)


def unpack(packed: str, owner: str) -> tuple[Table, str]:
    """The table and its kind of file. Raises BadSignature where it is not this owner's, or more than a day old."""
    kept = loads(packed, salt=f"import {owner}", max_age=PREVIEW_LIFETIME)
    rows = tuple(Row(line, tuple(cells)) for line, cells in kept["rows"])
    return Table(tuple(kept["header"]), rows, tuple(kept["notes"]), tuple(kept.get("titles", ()))), kept["kind"]


class TableForm(forms.Form):
    """A file of a table. Once valid: `table`, `kind` (csv or xlsx) and, with a `reader`, the `wishes` it made."""

    file = forms.FileField(
        label="Your table", allow_empty_file=True, error_messages={"required": "Choose a .csv or .xlsx file."}
    )

    def __init__(
        self,
        *args,
        reader: Reader | None = None,
        only_csv: bool = False,
        table_kind: Kind = MILESTONES,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.reader, self.only_csv, self.table_kind = reader, only_csv, table_kind

    def clean_file(self):
        found = self.cleaned_data["file"]
        if found.size > MAX_BYTES:
            raise forms.ValidationError(f"The file has {found.size / 10**6:.0f} MB; at most {MAX_BYTES // 10**6}.")
        content = found.read()
        self.kind = "xlsx" if content.startswith(b"PK") else "csv"
        if self.only_csv and self.kind == "xlsx":
            raise forms.ValidationError("This is a workbook. Save the sheet as “CSV UTF-8” and bring that.")
        try:
            self.table = (read_xlsx if self.kind == "xlsx" else read_csv)(content, self.table_kind)
            self.wishes = self.reader(self.table) if self.reader else ()
        except TableRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if len(pack(self.table, self.kind, "")) > LONGEST_PACKED:
            raise forms.ValidationError("This file has too much text to check at once. Import it in parts.")
        return found


class PackedForm(forms.Form):
    """The table that was brought, signed for this owner. Once valid: `brought`, its `kind` and, with a `reader`, its
    `wishes`."""

    table = forms.CharField()

    def __init__(self, *args, owner: str, reader: Reader | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner, self.reader = owner, reader

    def clean_table(self) -> str:
        packed = self.cleaned_data["table"]
        try:
            self.brought, self.kind = unpack(packed, self.owner)
        except BadSignature as stale:
            raise forms.ValidationError("This try is more than a day old. Bring the file again.") from stale
        self.wishes = self.reader(self.brought) if self.reader else ()
        return packed


class TriedForm(PackedForm):
    """The table that was previewed: what is kept is what was shown. `seen`: the preview's fingerprint."""

    seen = forms.CharField(max_length=64, required=False)
    submission = forms.UUIDField(required=False)

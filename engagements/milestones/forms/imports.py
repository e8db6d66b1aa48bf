"""A table of milestones that arrives, and whose calendar a link is for."""

from django import forms
from django.core.signing import BadSignature, dumps, loads

from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.table import MAX_BYTES, Row, Table, TableRefused
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.milestones.import_rows import read_import_rows

_KEPT = 24 * 3600  # seconds between trying and keeping
_LARGEST = 1_500_000  # characters of a table on its way through the page


class TableForm(forms.Form):
    """Once valid: `table` and `wishes`, which `reader` makes of the table."""

    reader = staticmethod(read_import_rows)
    only_csv = False
    file = forms.FileField(
        label="Your table", allow_empty_file=True, error_messages={"required": "Choose a .csv or .xlsx file."}
    )

    def clean_file(self):
        found = self.cleaned_data["file"]
        if found.size > MAX_BYTES:
            raise forms.ValidationError(f"The file has {found.size / 10**6:.0f} MB; at most {MAX_BYTES // 10**6}.")
        content = found.read()
        if self.only_csv and content.startswith(b"PK"):
            raise forms.ValidationError("This is a workbook. Save the sheet as “CSV UTF-8” and bring that.")
        try:
            self.table = (read_xlsx if content.startswith(b"PK") else read_csv)(content)
            self.wishes = self.reader(self.table)
        except TableRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        self.kind = "xlsx" if content.startswith(b"PK") else "csv"
        if len(pack(self.table, self.kind, "")) > _LARGEST:
            raise forms.ValidationError("The table has too much text to be tried at once. Bring it in parts.")
        return found


class TriedForm(forms.Form):
    """The table that was tried, signed for this person and engagement: what is kept is what was shown."""

    reader = staticmethod(read_import_rows)
    table = forms.CharField()
    seen = forms.CharField(max_length=64, required=False)
    submission = forms.UUIDField(required=False)

    def __init__(self, *args, owner: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_table(self) -> tuple[Table, str, tuple]:
        try:
            kept = loads(self.cleaned_data["table"], salt=f"import {self.owner}", max_age=_KEPT)
        except BadSignature as stale:
            raise forms.ValidationError("This try is more than a day old. Bring the file again.") from stale
        rows = tuple(Row(line, tuple(cells)) for line, cells in kept["rows"])
        table = Table(tuple(kept["header"]), rows)
        return table, kept["kind"], self.reader(table)


class FeedForm(forms.Form):
    engagement = forms.TypedChoiceField(label="Which dates", coerce=int, required=False, empty_value=None)

    def __init__(self, *args, engagements, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.pk, f"{row.city_name}, {row.initiative}") for row in engagements]
        self.fields["engagement"].choices = [("", "All my engagements"), *choices]


def pack(table: Table, kind: str, owner: str) -> str:
    rows = [(row.line, row.cells) for row in table.rows]
    return dumps({"header": table.header, "rows": rows, "kind": kind}, salt=f"import {owner}", compress=True)

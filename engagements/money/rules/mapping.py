"""How the columns of a city's finance table become fields of the ledger: said once, saved, used each month."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from engagements.money.rules.stages import CHOICES, Stage

# field -> what stands in it; the order of forms and of the template
FIELDS: dict[str, str] = {
    "stage": "Committed, allocated, obligated, disbursed or spent, or the finance system's own word; required",
    "amount": "Dollars; required",
    "occurred_on": "The day it was booked; required",
    "funder": "Whose money it is; required",
    "payee": "Who was paid",
    "payee_address": "Where the payee is; says nothing about whom the money serves",
    "external_id": "The entry's number in the finance system",
    "reverses": "The number of the entry a negative amount takes back",
    "description": "What it was for",
    "price_year": "The year whose prices the amount is in; the year it was booked when empty",
    "plan": "The plan it belongs to",
    "project": "The project it pays for; the plan's own when empty",
    "milestone": "The milestone it belongs to",
    "tracts": "Whom it serves: 26163500100:0.5;26163500200:0.5",
}
REQUIRED = ("stage", "amount", "occurred_on", "funder")
# Of one row only: the same for all rows they would make every row the same entry.
NEVER_CONSTANT = frozenset({"amount", "external_id", "reverses"})
DATE_ORDERS = (
    ("iso", "2026-11-23 or Nov 23, 2026"),
    ("month_first", "11/23/2026, month first"),
    ("day_first", "23/11/2026, day first"),
)
DECIMAL_MARKS = ((".", "1,200.50"), (",", "1.200,50"))
NEGATIVES = (("reversal", "takes back an earlier entry"), ("refused", "is a mistake"))
MAX_WORDS = 200
MAX_TEXT = 200  # characters of a column's name, a constant or a word
_FORMAT = 1

# What finance systems call their columns.
_USUAL_COLUMNS: dict[str, tuple[str, ...]] = {
    "stage": ("stage", "transaction_type", "entry_type", "type", "status"),
    "amount": ("amount", "amount_usd", "usd", "total", "value", "net_amount"),
    "occurred_on": ("occurred_on", "date", "posting_date", "post_date", "posted", "transaction_date", "gl_date"),
    "funder": ("funder", "fund", "funding_source", "source", "grantor", "donor"),
    "payee": ("payee", "vendor", "vendor_name", "supplier", "supplier_name", "recipient"),
    "payee_address": ("payee_address", "vendor_address", "supplier_address", "address"),
    "external_id": (
        "external_id",
        "transaction_id",
        "voucher",
        "voucher_no",
        "document",
        "document_no",
        "journal_id",
        "id",
        "reference",
    ),
    "reverses": ("reverses", "reversal_of", "original_id", "reversed_document"),
    "description": ("description", "memo", "line_description", "comment", "purpose"),
    "price_year": ("price_year",),
    "plan": ("plan",),
    "project": ("project", "project_name", "project_title"),
    "milestone": ("milestone",),
    "tracts": ("tracts", "service_area", "service_tracts"),
}


class MappingRefused(ValueError):
    """`problems`: (part of the mapping, sentence)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]):
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mapping:
    """`columns`: field -> column of the table, as its header is read (lower case, underscores). `constants`: field ->
    text for all rows. `stage_words`: a finance system's word, in lower case -> stage.

    Raises MappingRefused for a wrong one.
    """

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    stage_words: dict[str, str] = field(default_factory=dict)
    date_order: str = "iso"
    decimal_mark: str = "."
    negatives: str = "reversal"

    def __post_init__(self) -> None:
        if problems := tuple(self._problems()):
            raise MappingRefused(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        for name in (*self.columns, *self.constants):
            if name not in FIELDS:
                yield "columns", f"The ledger has no field “{str(name)[:40]}”."
        for name in sorted(set(self.columns) & set(self.constants)):
            yield name, f"{label(name)} has a column and a text for all rows. Keep one."
        for name in REQUIRED:
            if name not in self.columns and name not in self.constants:
                yield (
                    name,
                    f"Say which column holds {label(name).lower()}"
                    + ("." if name in NEVER_CONSTANT else ", or give one text for all rows."),
                )
        for name in sorted(NEVER_CONSTANT & set(self.constants)):
            yield name, f"{label(name)} differs by row: choose a column."
        twice = sorted({column for column in self.columns.values() if [*self.columns.values()].count(column) > 1})
        for column in twice:
            yield "columns", f"Column “{column[:60]}” is given to two fields."
        texts = (*self.columns.values(), *self.constants.values(), *self.stage_words)
        if any(not text.strip() for text in texts):
            yield "columns", "A column's name, a text for all rows or a word is empty."
        if any(len(text) > MAX_TEXT for text in texts):
            yield "columns", f"A column's name, a text or a word has more than {MAX_TEXT} characters."
        if len(self.stage_words) > MAX_WORDS:
            yield "stage_words", f"There are more than {MAX_WORDS} words for stages."
        for word, stage in self.stage_words.items():
            if stage not in {value for value, _ in CHOICES}:
                yield "stage_words", f"“{word[:40]}” is translated to “{stage[:40]}”, which is no stage."
            if word != plain_word(word):
                yield "stage_words", f"Write “{word[:40]}” in lower case: capitals make no difference."
        for name, value, choices in (
            ("date_order", self.date_order, DATE_ORDERS),
            ("decimal_mark", self.decimal_mark, DECIMAL_MARKS),
            ("negatives", self.negatives, NEGATIVES),
        ):
            if value not in {known for known, _ in choices}:
                yield name, f"“{value[:40]}” is none of: {', '.join(known for known, _ in choices)}."

    def to_json(self) -> dict[str, object]:
        """As it is saved; the same mapping gives the same text."""
        return {
            "format": _FORMAT,
            "columns": dict(sorted(self.columns.items())),
            "constants": dict(sorted(self.constants.items())),
            "stage_words": dict(sorted(self.stage_words.items())),
            "date_order": self.date_order,
            "decimal_mark": self.decimal_mark,
            "negatives": self.negatives,
        }

    def missing(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Columns it reads that a table doesn't have."""
        return tuple(sorted(column for column in self.columns.values() if column not in header))


def from_json(kept: object) -> Mapping:
    """Raises MappingRefused for what is no mapping, whoever wrote it."""
    if isinstance(kept, str):
        try:
            kept = json.loads(kept)
        except ValueError as broken:
            raise MappingRefused((("mapping", "The mapping is not JSON."),)) from broken
    if not isinstance(kept, dict):
        raise MappingRefused((("mapping", "A mapping is a JSON object."),))
    if kept.get("format", _FORMAT) != _FORMAT:
        raise MappingRefused((("mapping", "The mapping was saved in a format that is not known here."),))
    known = {"columns", "constants", "stage_words", "date_order", "decimal_mark", "negatives"}
    if unknown := sorted(str(name) for name in set(kept) - known - {"format"}):
        raise MappingRefused((("mapping", f"A mapping has no part “{unknown[0][:40]}”."),))
    for name in ("columns", "constants", "stage_words"):
        part = kept.get(name, {})
        if not isinstance(part, dict) or not all(isinstance(text, str) for pair in part.items() for text in pair):
            raise MappingRefused(((name, f"“{name}” is an object of texts."),))
    for name in ("date_order", "decimal_mark", "negatives"):
        if not isinstance(kept.get(name, ""), str):
            raise MappingRefused(((name, f"“{name}” is a text."),))
    return Mapping(**{"columns": {}, **{name: kept[name] for name in known & set(kept)}})


def suggest(header: tuple[str, ...]) -> dict[str, str]:
    """field -> column, by the names finance systems use. Each column once; a person looks at it before it is used."""
    found: dict[str, str] = {}
    for name, usual in _USUAL_COLUMNS.items():
        column = next((column for column in usual if column in header and column not in found.values()), None)
        if column:
            found[name] = column
    return found


def label(name: str) -> str:
    """A field in a form's words."""
    return {"occurred_on": "Date", "external_id": "Number in the finance system"}.get(
        name, name.replace("_", " ").capitalize()
    )


def plain_word(text: str) -> str:
    """As words for stages are compared."""
    return " ".join(text.casefold().split())


def parse_stage_words(text: str) -> dict[str, str]:
    """“Encumbrance = obligated”, one a line, as people type translations. Raises MappingRefused."""
    words: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    labels = {label.casefold(): value for value, label in CHOICES} | {value: value for value, _ in CHOICES}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, sign, stage = (part.strip() for part in line.rpartition("="))
        if not sign or not word:
            problems.append(("stage_words", f"“{line[:60]}”: write Encumbrance = obligated."))
        elif stage.casefold() not in labels:
            problems.append(("stage_words", f"“{stage[:40]}” is none of: {', '.join(value for value, _ in CHOICES)}."))
        elif words.setdefault(plain_word(word), labels[stage.casefold()]) != Stage(labels[stage.casefold()]):
            problems.append(("stage_words", f"“{word[:40]}” is given two meanings."))
    if problems:
        raise MappingRefused(tuple(problems))
    return words

"""What a finance table may say: the ledger's fields, what finance systems call them, and how amounts are written."""

from engagements.base.tables.mapping import DATES, Declaration, Field, Mapping, Option
from engagements.base.tables.mapping import from_json as any_from_json
from engagements.base.tables.mapping import suggest as suggest_columns
from engagements.base.tables.table import LEDGER
from engagements.money.rules.stages import CHOICES, USUAL_WORDS

# Of one row only: the same for all rows they would make every row the same entry.
NEVER_CONSTANT = frozenset({"amount", "external_id", "reverses"})
DECIMAL_MARKS = ((".", "1,200.50"), (",", "1.200,50"))
NEGATIVES = (("reversal", "takes back an earlier entry"), ("refused", "is a mistake"))
_FIELDS = (
    Field(
        "stage",
        "Stage",
        "Committed, allocated, obligated, disbursed or spent, or the finance system's own word; required",
        required=True,
        usual=("transaction_type", "entry_type", "type", "status"),
        choices=CHOICES,
        usual_words=tuple((word, stage.value) for word, stage in USUAL_WORDS.items()),
    ),
    Field(
        "amount",
        "Amount",
        "Dollars; required",
        required=True,
        differs=True,
        usual=("amount_usd", "usd", "total", "value", "net_amount"),
    ),
    Field(
        "occurred_on",
        "Date",
        "The day it was booked; required",
        required=True,
        usual=("date", "posting_date", "post_date", "posted", "transaction_date", "gl_date"),
        is_date=True,
    ),
    Field(
        "funder",
        "Funder",
        "Whose money it is; required",
        required=True,
        usual=("fund", "funding_source", "source", "grantor", "donor"),
    ),
    Field("payee", "Payee", "Who was paid", usual=("vendor", "vendor_name", "supplier", "supplier_name", "recipient")),
    Field(
        "payee_address",
        "Payee address",
        "Where the payee is; says nothing about whom the money serves",
        usual=("vendor_address", "supplier_address", "address"),
    ),
    Field(
        "external_id",
        "Number in the finance system",
        "The entry's number in the finance system",
        differs=True,
        usual=("transaction_id", "voucher", "voucher_no", "document", "document_no", "journal_id", "id", "reference"),
    ),
    Field(
        "reverses",
        "Reverses",
        "The number of the entry a negative amount takes back",
        differs=True,
        usual=("reversal_of", "original_id", "reversed_document"),
    ),
    Field("description", "Description", "What it was for", usual=("memo", "line_description", "comment", "purpose")),
    Field("price_year", "Price year", "The year whose prices the amount is in; the year it was booked when empty"),
    Field("plan", "Plan", "The plan it belongs to"),
    Field(
        "project",
        "Project",
        "The project it pays for; the plan's own when empty",
        usual=("project_name", "project_title"),
    ),
    Field("milestone", "Milestone", "The milestone it belongs to"),
    Field(
        "tracts", "Tracts", "Whom it serves: 26163500100:0.5;26163500200:0.5", usual=("service_area", "service_tracts")
    ),
)
LEDGER_TABLE = Declaration(
    "ledger",
    "The ledger",
    LEDGER,
    _FIELDS,
    (
        DATES,
        Option("decimal_mark", "Amounts look like", DECIMAL_MARKS),
        Option("negatives", "A negative amount", NEGATIVES),
    ),
)
FIELDS = LEDGER_TABLE.columns


def ledger_mapping(
    columns: dict[str, str],
    constants: dict[str, str] | None = None,
    stage_words: dict[str, str] | None = None,
    **options: str,
) -> Mapping:
    """Raises MappingRefused."""
    words = {"stage": stage_words} if stage_words else {}
    return Mapping(LEDGER_TABLE, columns, constants or {}, words, options)


def from_json(kept: object) -> Mapping:
    """Raises MappingRefused for what is no mapping, whoever wrote it."""
    return any_from_json(LEDGER_TABLE, kept)


def suggest(header: tuple[str, ...]) -> dict[str, str]:
    """field -> column, by the names finance systems use."""
    return suggest_columns(LEDGER_TABLE, header)


def label(name: str) -> str:
    """A field in a form's words."""
    found = LEDGER_TABLE.field(name)
    return found.label if found else name

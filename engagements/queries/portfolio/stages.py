"""The five stages money passes through, in the words shown on every chart and table of a portfolio. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StageWords:
    value: str
    label: str
    definition: str


STAGES = (
    StageWords("committed", "Committed", "Promised by a funder in writing."),
    StageWords("allocated", "Allocated", "Set aside for this work in an adopted budget."),
    StageWords(
        "obligated", "Obligated", "Bound by a signed contract, grant or order to somebody who will do the work."
    ),
    StageWords("disbursed", "Disbursed", "Paid out to whoever does the work, who may not have used it yet."),
    StageWords("spent", "Spent", "Used up for goods or services that were received."),
)
NOT_ADDED = "The same dollar passes through the stages one after the other, so amounts of two stages are never added."

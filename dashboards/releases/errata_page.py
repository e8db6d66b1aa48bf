"""The page of corrections: what changed in a formula or a release, with values as people read them."""

from dataclasses import dataclass
from datetime import date

from atlas.queries.errata import errata
from atlas.records.errata import CorrectedValue, Erratum
from dashboards.formatting.estimates import format_estimate, unit_label


@dataclass(frozen=True)
class CorrectionRow:
    """One value of the table, as text."""

    of: str
    unit: str
    old: str
    new: str


@dataclass(frozen=True)
class Correction:
    """One change of the page."""

    erratum: Erratum
    rows: tuple[CorrectionRow, ...]

    @property
    def day(self) -> date:
        return self.erratum.date

    @property
    def title(self) -> str:
        return f"{'Formula' if self.erratum.kind == 'formula' else 'Release'}: {self.erratum.subject}"


def corrections() -> tuple[Correction, ...]:
    """Newest first."""
    return tuple(Correction(one, tuple(_row(value) for value in one.values)) for one in errata())


def _row(value: CorrectedValue) -> CorrectionRow:
    return CorrectionRow(
        value.of,
        unit_label(value.unit) if value.unit else "as published",
        *(text if isinstance(text, str) else format_estimate(text, value.unit) for text in (value.old, value.new)),
    )

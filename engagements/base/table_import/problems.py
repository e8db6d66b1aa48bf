"""What a refused write says about its row: one sentence for each column."""

from django.core.exceptions import ValidationError

from engagements.base.table_import.results import Problem


def problems_by_column(refused: ValidationError) -> list[Problem]:
    """What a write refused; what belongs to no field is told at the column `version`."""
    if hasattr(refused, "error_dict"):
        return [(name, " ".join(found)) for name, found in refused.message_dict.items()]
    return [("version", " ".join(refused.messages))]

"""Problems that pure rules found, as the errors of a form."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from engagements.pilots.rules.plain import Problem


def refuse(problems: Iterable[Problem]) -> None:
    """Raises ValidationError by field where there is any; a problem of no field stands above the form."""
    by_field: dict[str, list[str]] = {}
    for name, sentence in problems:
        by_field.setdefault(name or NON_FIELD_ERRORS, []).append(sentence)
    if by_field:
        raise ValidationError(by_field)

"""Problems of the pure rules as errors by field."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError


def refuse(problems: Iterable[tuple[str, str]]) -> None:
    """Raises ValidationError by field."""
    by_field: dict[str, list[str]] = {}
    for name, sentence in problems:
        by_field.setdefault(name, []).append(sentence)
    if by_field:
        raise ValidationError(by_field)

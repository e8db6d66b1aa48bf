"""The limits of numbers at the doors: a validator for fields of forms, and the number field of the API."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from engagements.limits import TOO_LARGE, find_number_problem


def validate_number(value: float) -> None:
    """Raises ValidationError with a sentence for a number beyond the limits of `engagements.limits`."""
    if sentence := find_number_problem(value):
        raise ValidationError(sentence, code="beyond_limits")


class NumberField(serializers.FloatField):
    """A finite number within the limits; the base class refuses text, "nan" and integers that no float can hold."""

    default_error_messages = {"overflow": TOO_LARGE}

    def to_internal_value(self, data: float | str) -> float:
        found = super().to_internal_value(data)
        if sentence := find_number_problem(found):
            raise serializers.ValidationError(sentence)
        return found

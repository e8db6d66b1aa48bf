"""Choices of a form's field that are known only when the form is made."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Offer (value, label) pairs in a field of the form that chooses."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)

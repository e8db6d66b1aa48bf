"""A field of a form by the type it was declared with: to Django every field of a form is a plain Field."""

from typing import TypeVar

from django import forms

F = TypeVar("F", bound=forms.Field)


def typed_field(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """Raises KeyError for a field the form does not have."""
    field = form.fields[name]
    assert isinstance(field, kind), f"{name} is declared as another field"
    return field

"""The registration as one form in folded parts."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.base.form_layout import Fold, FoldedForm
from engagements.discussion.forms.base import VersionedForm
from engagements.pilots.forms.nesting import flatten, nest
from engagements.pilots.forms.registration_fields import FIELDS


def _named(*beginnings: str) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if any(name == one or name.startswith(f"{one}__") for one in beginnings))


_OF_PEOPLE = ("people", "base_rate", "sd", "r2", "take_up")
_OF_GROUPS = ("clusters", "treated_clusters", "icc", "size_cv", "periods_before", "periods_after")


class RegistrationForm(FoldedForm, VersionedForm):
    """Nothing is required while it is a draft: what is missing is said before the lock."""

    FIRST = ("title", "question", "eligibility", "unit", "people")
    FOLDS = (
        Fold(_("Groups"), _named("arms__0", "arms__1"), is_asked=True),
        Fold(_("More groups"), _named("arms__2", "arms__3")),
        Fold(_("Primary outcome"), _named("outcome"), is_asked=True),
        Fold(
            _("Effect worth having, and what the test can find"),
            ("smallest_worthwhile", "worthwhile_because", *(f"assumptions__{name}" for name in _OF_PEOPLE)),
            is_asked=True,
        ),
        Fold(_("If groups are drawn, or over time"), tuple(f"assumptions__{name}" for name in _OF_GROUPS)),
        Fold(
            _("Design and method"),
            _named("design", "estimator", "missing", "spillovers"),
            is_asked=True,
        ),
        Fold(_("How it is drawn"), _named("draw", "starts_in", "covariates")),
        Fold(_("Days and cost"), _named("starts_on", "ends_on", "cost_per_unit_usd"), is_asked=True),
        Fold(_("People are protected"), _named("human_subjects"), is_asked=True),
        Fold(_("Looks and stopping"), _named("looks", "boundary", "stopping_rule")),
        Fold(_("Other outcomes"), _named("secondary")),
        Fold(_("Subgroups"), _named("subgroups")),
        Fold(_("Limits"), _named("limits", "quasi_identifiers")),
    )
    WIDE = frozenset({"title", "design", "estimator"})

    def __init__(
        self, *args: Any, documents: list[tuple[int, str]], draft: Mapping[str, Any] | None = None, **kwargs: Any
    ):
        initial = {**flatten(draft), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        for name, field in FIELDS.items():
            self.fields[name] = deepcopy(field)
        document = self.fields["human_subjects__document"]
        assert isinstance(document, forms.ChoiceField)
        document.choices = [("", _("None yet")), *documents]

    def draft(self) -> dict[str, Any]:
        """What was typed, as a plain draft; fields that are wrong are left out."""
        return nest({name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data})

    def refuse(self, refused: ValidationError) -> None:
        """By the record's own names, for example "arms.0.gets"."""
        found = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
        for name, lines in found.items():
            field = name.replace(".", "__")
            for line in lines:
                self.add_error(field if field in self.fields else None, line)

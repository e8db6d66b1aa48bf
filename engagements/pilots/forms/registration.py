"""The registration as one form in folded parts."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.base.form_layout import Fold, FoldedForm, FoldRow, PlacedFold, said_of
from engagements.discussion.forms.base import VersionedForm
from engagements.pilots.forms.nesting import flatten, nest
from engagements.pilots.forms.registration_fields import FIELDS, arm_fields
from engagements.pilots.forms.registration_rows import KINDS, count_rows


def _named(*beginnings: str) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if any(name == one or name.startswith(f"{one}__") for one in beginnings))


_OF_PEOPLE = ("people", "base_rate", "sd", "r2", "take_up")
_OF_GROUPS = ("clusters", "treated_clusters", "icc", "size_cv", "periods_before", "periods_after")


_ROWS = {kind.key: kind for kind in KINDS}


class RegistrationForm(FoldedForm, VersionedForm):
    """Nothing is required while it is a draft: what is missing is said before the lock.

    `draft`: what is kept so far. Whatever of it the form has no field for stays as it is. `more`: the kind of row that
    somebody asked one more of.
    """

    FIRST = ("title", "question", "eligibility", "unit", "people")
    FOLDS = (
        Fold(_("Groups"), tuple(name for place in range(2) for name in arm_fields(place)), is_asked=True),
        Fold("arms", ()),
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
        Fold("secondary", ()),
        Fold("subgroups", ()),
        Fold(_("Limits"), _named("limits", "quasi_identifiers")),
    )
    WIDE = frozenset({"title", "design", "estimator"})

    def __init__(
        self,
        *args: Any,
        documents: list[tuple[int, str]],
        draft: Mapping[str, Any] | None = None,
        more: str = "",
        **kwargs: Any,
    ):
        self._kept = flatten(draft)
        self._more = more
        if not self._kept.get("smallest_worthwhile"):
            self._kept.pop("smallest_worthwhile", None)  # nobody said 0
        super().__init__(*args, initial={**self._kept, **kwargs.pop("initial", {})}, **kwargs)
        for name, field in FIELDS.items():
            self.fields[name] = deepcopy(field)
        sent = self.data if self.is_bound else ()
        self._rows = {kind.key: count_rows(kind, self._kept, sent, more) for kind in KINDS}
        for kind in KINDS:
            for place in range(self._rows[kind.key]):
                self.fields |= kind.fields(place)
        document = self.fields["human_subjects__document"]
        assert isinstance(document, forms.ChoiceField)
        document.choices = [("", _("None yet")), *documents]

    def draft(self) -> dict[str, Any]:
        """What was typed, as a plain draft, with what the form has no field for; fields that are wrong are left out."""
        kept = {
            name: value
            for name, value in self._kept.items()
            if name not in self.fields and name.split("__")[0] not in _ROWS
        }
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "submission")}
        return nest(kept | typed)

    def folds(self) -> tuple[Fold, ...]:
        return tuple(replace(fold, names=self._names_of_rows(fold)) for fold in self.FOLDS)

    def _names_of_rows(self, fold: Fold) -> tuple[str, ...]:
        kind = _ROWS.get(str(fold.heading))
        if kind is None:
            return fold.names
        return tuple(name for place in range(kind.first, self._rows[kind.key]) for name in kind.fields(place))

    def _place_fold(self, fold: Fold) -> PlacedFold:
        """Where the heading is the key of a kind of row, its rows."""
        kind = _ROWS.get(str(fold.heading))
        if kind is None:
            return super()._place_fold(fold)
        names = [tuple(kind.fields(place)) for place in range(kind.first, self._rows[kind.key])]
        rows = tuple(
            FoldRow(f"{kind.heading} {number}", self.placed(each)) for number, each in enumerate(names, start=1)
        )
        everything = [placed.bound for row in rows for placed in row.fields]
        is_open = self._more == kind.key or any(self.has_something(bound) for bound in everything)
        return PlacedFold(
            kind.heading,
            (),
            is_open,
            "" if is_open else said_of(everything),
            kind=kind.key,
            rows=rows,
            most=kind.most,
            may_add=self._rows[kind.key] < kind.most,
            add_label=kind.add_label,
        )

    def refuse(self, refused: ValidationError) -> None:
        """By the record's own names, for example "arms.0.gets"."""
        found = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
        for name, lines in found.items():
            field = name.replace(".", "__")
            for line in lines:
                self.add_error(field if field in self.fields else None, line)

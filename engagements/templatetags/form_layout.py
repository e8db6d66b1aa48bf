"""What went wrong with a form, above it: each sentence a link to its field, and the first one gets the focus."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.urls import reverse

from engagements.base.tract_picker import TractPicker, as_picked
from engagements.workflow import sends_back

register = template.Library()


@register.inclusion_tag("engagements/base/_problems.html")
def form_problems(form: forms.BaseForm) -> dict[str, Any]:
    """Stands before the fields are drawn: it also marks the first wrong one, which then has the focus on load."""
    wrong = [bound for bound in _in_order(form) if bound.errors]
    visible = [bound for bound in wrong if not bound.is_hidden]
    if visible and not isinstance(visible[0].field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        visible[0].field.widget.attrs["autofocus"] = True
    hidden = [sentence for bound in wrong if bound.is_hidden for sentence in bound.errors]
    return {
        "is_wrong": bool(form.errors),
        "is_multipart": form.is_multipart(),
        "sentences": [*form.non_field_errors(), *hidden],
        "fields": [(_target(bound), bound.label, " ".join(map(str, bound.errors))) for bound in visible],
    }


@register.inclusion_tag("engagements/base/_tract_picker.html")
def tract_picker(field: forms.BoundField) -> dict[str, Any]:
    """Map, saved areas and boxes of a field whose widget is a TractPicker."""
    widget = field.field.widget
    assert isinstance(widget, TractPicker)
    picked, rows = as_picked(field.value()), widget.rows(field.value())
    address = reverse("city_tracts", args=[widget.offer.city_slug]) if rows else ""
    return {
        "field": field,
        "rows": rows,
        "chosen": sum(row.is_ticked for row in rows),
        "areas": widget.offer.areas,
        "chosen_area": picked.area,
        "has_shares": widget.has_shares,
        "map_address": f"{address}?measure={widget.measure}" if address and widget.measure else address,
        "autofocus": widget.attrs.get("autofocus"),
    }


register.filter("sends_back", sends_back)


@register.filter
def forward_moves(moves: Iterable[tuple[str, Any]], status: str) -> list[tuple[str, Any]]:
    """(state, words) of what takes a thing further from where it is: the primary actions of a page."""
    return [move for move in moves if not sends_back(status, move[0])]


@register.filter
def backward_moves(moves: Iterable[tuple[str, Any]], status: str) -> list[tuple[str, Any]]:
    """(state, words) of what sends it back: quiet, and apart from the rest."""
    return [move for move in moves if sends_back(status, move[0])]


@register.filter
def picks_tracts(form: forms.BaseForm) -> bool:
    """Whether the page of this form needs the map's looks and script."""
    return any(isinstance(field.widget, TractPicker) for field in form.fields.values())


def _in_order(form: forms.BaseForm) -> list[forms.BoundField]:
    """As they stand on the page."""
    layout = getattr(form, "layout", None)
    if layout is None:
        return list(form)
    placed = [*layout.first]
    for fold in layout.folds:
        placed += [*fold.fields, *(each for row in fold.rows for each in row.fields)]
    names = [each.bound.name for each in placed]
    rest = [bound for bound in form if bound.name not in names]  # hidden, or drawn by the page itself
    return [*(form[name] for name in names), *rest]


def _target(bound: forms.BoundField) -> str:
    """The id of what a link leads to; of several boxes the first."""
    return bound.id_for_label or f"{bound.auto_id}_0"

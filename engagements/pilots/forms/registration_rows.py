"""What a registration may have many of: groups, other outcomes, subgroups. The form has as many rows as the plan."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.pilots.forms.registration_fields import FIELDS, arm_fields, outcome_fields, subgroup_fields
from engagements.pilots.rules.check_design import MOST_ARMS


@dataclass(frozen=True)
class RowKind:
    """`first`: place of the first row in the fold. `fewest`: rows that are always shown, `most`: that may be added."""

    key: str
    fields: Callable[[int], dict[str, forms.Field]]
    heading: "str | Promise"
    add_label: "str | Promise"
    fewest: int
    most: int
    first: int = 0


KINDS = (
    RowKind("arms", arm_fields, _("More groups"), _("Add another group"), 3, MOST_ARMS, first=2),
    RowKind(
        "secondary",
        lambda place: outcome_fields(f"secondary__{place}"),
        _("Other outcomes"),
        _("Add another outcome"),
        1,
        30,
    ),
    RowKind("subgroups", subgroup_fields, _("Subgroups"), _("Add another subgroup"), 1, 30),
)


def count_rows(kind: RowKind, kept: Mapping[str, object], sent: Iterable[str], more: str) -> int:
    """As many as the plan has, as were sent, and one where `more` asks for it. What the plan has is never left out.

    `kept`: the draft by names of fields. `sent`: names of fields, of whoever: at most `most` rows come of them.
    """
    of_plan = _rows_in(kind, kept)
    typed = min(_rows_in(kind, sent) + (more == kind.key), kind.most)
    return max(of_plan, typed, kind.fewest)


def _rows_in(kind: RowKind, names: Iterable[str]) -> int:
    found = (re.fullmatch(rf"{kind.key}__(\d{{1,3}})__[a-z_]+", name, re.ASCII) for name in names)
    return max((int(one[1]) + 1 for one in found if one), default=0)


def label_of(name: str) -> str:
    """The label in the form of what a registration calls "outcome.window_to"; rows count as one: "Groups"."""
    field = FIELDS.get(name.replace(".", "__"))
    return str(field.label if field else _HEADINGS.get(name, name))


_HEADINGS = {
    "arms": _("Groups"),
    "cities": _("Cities"),
    **{kind.key: kind.heading for kind in KINDS if kind.key != "arms"},
    "assumptions.level": _("Level of the likely range"),
    "assumptions.power": _("Power"),
}

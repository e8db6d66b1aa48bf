"""The filters of work, which board, list and timeline share and the address keeps."""

from datetime import date
from typing import cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.milestones.forms.milestones import day_field
from engagements.milestones.queries.milestones import OPEN_FIRST, MilestoneFilter
from engagements.models import Milestone
from engagements.workflow import MILESTONE
from engagements.worklist.rules import Due, View, Who, end_of_quarter, latest_due

ORDERS = (
    (OPEN_FIRST, _("Open first")),
    ("due", _("Due, soonest first")),
    ("-due", _("Due, latest first")),
    ("stage", _("Stage")),
    ("title", _("Title")),
    ("city", _("City")),
)
CHIPS = ("who", "city", "due", "status", "theme")
NOT_FILTERS = ("view", "edit", "page")  # of an address: what is shown, not what of


class WorkFilterForm(forms.Form):
    """What can't be read filters nothing and says so at its field. `is_own`: of one's work, where only what is open
    is meant unless a status is named.
    """

    who = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[(Who.MINE, _("Mine")), (Who.TEAM, _("Mine and my teams’")), (Who.ALL, _("All I may see"))],
    )
    city = forms.ChoiceField(label=_("City"), required=False)
    due = forms.ChoiceField(label=_("Due"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    q = forms.CharField(label=_("Words in the title"), required=False, max_length=limits.SEARCH)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("All stages")), *Milestone.Stage.choices]
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    due_from = day_field(_("Due from"), required=False)
    due_to = day_field(_("Due to"), required=False)
    late = forms.BooleanField(label=_("Overdue only"), required=False)
    archived = forms.BooleanField(label=_("With archived"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(
        self,
        data,
        *,
        today: date,
        is_own: bool,
        who: Who,
        cities: list[tuple[str, str]] | None,
        themes: list[str],
        owners: list[tuple[str, str]],
        may_edit: bool,
    ):
        given = data.copy()
        if given.get("who") not in list(Who):
            given["who"] = who
        super().__init__(given)
        self.today, self.is_own, self.usual = today, is_own, who
        self._choices("city", [("", _("all")), *(cities or [])])
        self._choices("theme", [("", _("any")), *((theme, theme) for theme in themes)])
        self._choices("due", [("", _("any day")), *due_choices(today)])
        every = [] if is_own else [("", _("all"))]
        is_open = ("" if is_own else "open", _("open"))
        self._choices("status", [*every, is_open, *MILESTONE.choices])
        self._choices("owner", [("", _("Everyone")), *owners])
        gone = {"owner": owners, "archived": may_edit, "city": cities, "theme": themes}
        for name in [name for name, there in gone.items() if not there]:
            del self.fields[name]
        if is_own:
            for name in ("order", "late", "stage"):
                del self.fields[name]
        self.is_valid()

    def _choices(self, name: str, choices: list) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def chips(self) -> list[tuple[forms.BoundField, bool]]:
        """Fields, and whether each is other than usual."""
        usual = {"who": self.usual}
        return [
            (self[name], (self.cleaned_data.get(name) or "") != usual.get(name, ""))
            for name in CHIPS
            if name in self.fields
        ]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in CHIPS]

    @property
    def who_asked(self) -> Who:
        return Who(self.cleaned_data.get("who") or self.usual)

    @property
    def is_rest_used(self) -> bool:
        return any(self.cleaned_data.get(field.name) for field in self.rest) or bool(set(self.errors) - set(CHIPS))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but whose work it is leaves something out."""
        return any(self.cleaned_data.get(name) for name in self.fields if name not in ("who", "order"))

    def filter_for(self, engagements: tuple[int, ...], people: tuple[int, ...]) -> MilestoneFilter:
        """`people`: the reader, and whom they stand in for."""
        typed, who = self.cleaned_data, self.who_asked
        status, due = typed.get("status") or "", typed.get("due") or ""
        latest = [day for day in (typed.get("due_to"), latest_due(due, self.today)) if day]
        return MilestoneFilter(
            engagements=engagements,
            cities=(typed["city"],) if typed.get("city") else (),
            statuses=(status,) if status and status != "open" else (),
            stages=(typed["stage"],) if typed.get("stage") else (),
            owner=int(typed.get("owner") or 0) or None,
            due_from=typed.get("due_from"),
            due_to=min(latest) if latest else None,
            only_overdue=bool(typed.get("late")) or due == Due.OVERDUE,
            only_unfinished=status == "open" or (self.is_own and not status),
            words=typed.get("q") or "",
            with_archived=bool(typed.get("archived")),
            whose=people if who in (Who.MINE, Who.TEAM) else (),
            in_teams=who == Who.TEAM,
            themes=(typed["theme"],) if typed.get("theme") else (),
        )

    @property
    def chosen_order(self) -> str:
        return self.cleaned_data.get("order") or OPEN_FIRST


def due_choices(today: date) -> list[tuple[str, str]]:
    def by(day: date) -> str:
        return gettext("by {day}").format(day=date_format(day, "M j, Y" if day.year != today.year else "M j"))

    return [
        (Due.OVERDUE, gettext("overdue")),
        (Due.WEEK, gettext("in 7 days")),
        (Due.MONTH, gettext("in 30 days")),
        (Due.QUARTER, by(end_of_quarter(today))),
        (Due.NEXT_QUARTER, by(end_of_quarter(today, 1))),
    ]


def chosen_view(words: str, usual: View) -> View:
    """Nonsense is the usual one."""
    return View(words) if words in list(View) else usual

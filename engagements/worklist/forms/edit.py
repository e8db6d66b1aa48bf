"""A card's own form: status, owner and due date where it stands."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.labels import day_label
from engagements.milestones.actions.bulk import KEEP, BulkChange
from engagements.milestones.forms.milestones import day_field
from engagements.workflow import MILESTONE, SLIP_REASONS
from engagements.worklist.records import Card


class CardForm(forms.Form):
    """Only the fields its reader may change are in it. A due date that moves asks why."""

    status = forms.ChoiceField(label=_("Status"))
    line = forms.CharField(label=_("What happened? (optional)"), required=False, max_length=limits.LINE)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    due_on = day_field(_("Due"))
    slip_reason = forms.ChoiceField(
        label=_("Reason for change"), required=False, choices=[("", _("The date stays")), *SLIP_REASONS]
    )
    slip_words = forms.CharField(label=_("Details of the reason"), required=False, max_length=limits.WHY)
    pick = forms.CharField(widget=forms.HiddenInput)
    seen_status = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_owner = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_due_on = forms.DateField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, card: Card, owners: list[tuple[str, str]], prefix_ids: str = "edit"):
        self.now = {
            "pick": card.pick,
            "seen_status": card.column,
            "seen_owner": str(card.owner_id or ""),
            "seen_due_on": card.due_on.isoformat() if card.due_on else "",
        }
        shown = {"status": card.column, "owner": str(card.owner_id or ""), "due_on": card.due_on}
        super().__init__(data, initial=self.now | shown, auto_id=f"{prefix_ids}_%s")
        self.card = card
        known = dict(MILESTONE.choices)
        states = {card.column: known[card.column]} | {state.value: state.label for state in card.next_states}
        seen = (data or {}).get("seen_status")
        if seen in known:
            states.setdefault(seen, known[seen])  # left as it was: theirs stays
        cast(forms.ChoiceField, self.fields["status"]).choices = list(states.items())
        left = (
            [] if not card.owner_id or str(card.owner_id) in dict(owners) else [(str(card.owner_id), str(card.owner))]
        )
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", _("Nobody yet")), *owners, *left]
        if card.due_on is None:
            self.fields["due_on"].required = False
        if not card.may_edit:
            for name in ("owner", "due_on", "slip_reason", "slip_words"):
                del self.fields[name]

    def bulk_change(self) -> BulkChange:
        """Only what differs from what was shown."""
        typed = self.cleaned_data
        status = typed["status"] if typed["status"] != typed["seen_status"] else ""
        owner: object = KEEP
        if "owner" in typed and typed["owner"] != typed["seen_owner"]:
            owner = int(typed["owner"]) if typed["owner"] else None
        due: date | None = typed.get("due_on")
        moved = due if due and due != typed["seen_due_on"] else None
        return BulkChange(
            status=status,
            line=typed["line"].strip() or (moved_line(status) if status else ""),
            owner=owner,
            due_on=moved,
            slip_reason=(typed.get("slip_reason") or "") if moved else "",
            slip_words=(typed.get("slip_words") or "") if moved else "",
        )

    def refused(self, reason: str) -> None:
        """What was typed stays; sent again it goes over what is there now, which the sentence names."""
        self.data = {**{name: self.data[name] for name in self.data}, **self.now}
        there = _now("It is now: {status}, {owner}, due {day}. Save again to use what you entered.").format(
            status=self.card.label, owner=self.card.owner or _now("nobody"), day=day_label(self.card.due_on)
        )
        self.add_error(None, f"{reason} {there}")


def moved_line(status: str) -> str:
    """What the log says where nobody wrote anything."""
    return _now("Status changed to {status}.").format(status=MILESTONE.state(status).label)

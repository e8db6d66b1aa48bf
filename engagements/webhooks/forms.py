"""A webhook in five fields."""

from collections.abc import Iterable
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.models import Notification, Webhook
from engagements.models.discussion import VISIBILITIES

MINE = "mine"


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=limits.SHORT_NAME, help_text=_("Such as the channel: “#detroit-team”.")
    )
    shape = forms.ChoiceField(
        label=_("Where it goes"), choices=Webhook.Shape.choices, widget=forms.RadioSelect, initial=Webhook.Shape.SLACK
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=limits.URL,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Slack: “Incoming Webhooks” of your app. Teams: the workflow “When a Teams webhook request is received”. "
            "It is kept encrypted and not shown again."
        ),
    )
    about = forms.ChoiceField(
        label=_("What it tells"), help_text=_("It never tells what you may not see yourself at that moment.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("If it tells your notifications: which"),
        choices=[
            ("mention", _("Someone mentions you")),
            ("assignment", _("Someone needs something from you")),
            ("change", _("Something you work on changed")),
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=[Notification.Kind.MENTION, Notification.Kind.ASSIGNMENT],
        required=False,
    )
    visibility = forms.ChoiceField(
        label=_("If it tells of a city: what"),
        choices=[
            ("all", _("What is shared with all")),
            *((value, label) for value, label in VISIBILITIES if value != "all"),
        ],
        help_text=_("Who reads the channel should be who may read this."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, places: Iterable[tuple[int, str]], **kwargs):
        """`places`: engagements one sees, (id, city)."""
        super().__init__(*args, **kwargs)
        choices = [(MINE, _("My notifications")), *((str(pk), city) for pk, city in places)]
        typed_field(self, "about", forms.ChoiceField).choices = choices

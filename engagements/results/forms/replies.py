"""A question to the city about one sentence, and its answer."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField, VersionedForm
from engagements.results.forms.fields import text_field


class AskForm(IdempotentForm):
    """Whom to ask about the sentence."""

    contact = forms.TypedChoiceField(label=_("Person of the city"), coerce=int, empty_value=None, required=False)
    organisation = forms.TypedChoiceField(
        label=_("Or an organization without an account"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("It gets a link by mail, or you send it the sentence and write down its reply here."),
    )
    email = forms.EmailField(
        label=_("Its email address"),
        required=False,
        max_length=254,
        help_text=_("It gets a link to reply without signing in: for this sentence alone, until the reply is due."),
    )
    owner = forms.TypedChoiceField(
        label=_("Who follows it up"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Left empty, it is you."),
    )

    def __init__(self, *args, people, organisations, owners, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("contact", people), ("organisation", organisations), ("owner", owners)):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("Choose one")), *choices]


class ReplyForm(VersionedForm):
    """The city's answer."""

    answer = forms.ChoiceField(
        label=_("Your reply"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: agree, ask for a correction, or add.")},
        choices=[("agree", _("We agree")), ("correct", _("Please correct it")), ("add", _("We add to it"))],
    )
    reply = PlainTextField(
        label=_("Correction or addition"),
        rows=5,
        max_length=limits.REPLY,
        required=False,
        help_text=_("Up to 600 characters. They stand beside the sentence wherever it is shown."),
    )
    received_how = text_field(
        _("How the reply came"), _("For example by email on December 3, 2026."), most=limits.PHRASE
    )

    def __init__(self, *args, is_passed_on: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_passed_on:
            self.fields["answer"].label = _("Its reply")
            self.fields["received_how"].required = True
        else:
            del self.fields["received_how"]


class LinkForm(IdempotentForm):
    """Where the link to reply goes."""

    email = forms.EmailField(label=_("Email address of the organization"), max_length=254)


class LinkedReplyForm(ReplyForm):
    """The same reply by a link: nobody has a version of it, and the link itself is used once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, is_passed_on=False, **kwargs)
        del self.fields["submission"], self.fields["version"]

"""What people say about others and themselves. Choices are those the database knows."""

import unicodedata
import zoneinfo
from uuid import uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.time_zones import US_ZONES, zone_label
from engagements.models import AccessToken, Organisation, User
from engagements.permissions import INITIATIVE_ROLES, ROLE_LABELS

_DAY = {"invalid": _("Write the date as 2026-11-23."), "required": _("Say when.")}


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class NameField(forms.CharField):
    """A person's name: it stands in mails and files, so nothing in it may look like markup or hide."""

    default_error_messages = {"unfit": "A name has no “<”, “>” or control characters: write it without them."}

    def to_python(self, value) -> str:
        name = super().to_python(value) or ""
        if any(c in "<>" or unicodedata.category(c) == "Cc" for c in name):
            raise forms.ValidationError(self.error_messages["unfit"], code="unfit")
        return name


def _submission() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class InviteForm(forms.Form):
    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = NameField(label="Name", max_length=limits.NAME, required=False, help_text="They can change it.")
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label="Organization", required=False, empty_label="None of these"
    )
    submission = _submission()

    def __init__(self, *args, is_initiative: bool, **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "role", forms.ChoiceField).choices = [
            (role.value, label) for role, label in ROLE_LABELS.items() if (role in INITIATIVE_ROLES) == is_initiative
        ]


class EndRoleForm(forms.Form):
    why = forms.CharField(label="Why", max_length=limits.WHY, help_text="Kept in the history.")


class NewAccountForm(forms.Form):
    """For the one who followed an invitation: name and password."""

    name = NameField(label="Your name", max_length=limits.NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least eight characters; not one that is widely used.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict:
        password = self.cleaned_data.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return self.cleaned_data


class ProfileForm(forms.Form):
    name = NameField(label="Name", max_length=limits.NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    title = forms.CharField(label="Title", max_length=limits.JOB_TITLE, required=False)
    phone = forms.CharField(
        label="Phone",
        max_length=limits.PHONE,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organization", required=False, empty_label="None of these"
    )
    time_zone = forms.ChoiceField(label="Time zone")
    digest = forms.ChoiceField(label="Digest of what changed", choices=User.Digest.choices)
    portfolio_digest = forms.TypedChoiceField(
        label="Mail on your portfolios",
        coerce="yes".__eq__,
        choices=[("yes", "When a quarter has ended"), ("no", "No mail")],
    )

    def __init__(self, *args, user: User, reads_portfolio: bool, **kwargs):
        """`reads_portfolio`: others are not asked about a mail they never get."""
        names = ("name", "title", "phone", "organisation", "time_zone", "digest")
        initial = {name: getattr(user, name) for name in names}
        initial["portfolio_digest"] = "yes" if user.portfolio_digest else "no"
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if not reads_portfolio:
            del self.fields["portfolio_digest"]
        typed_field(self, "organisation", forms.ModelChoiceField).queryset = Organisation.objects.filter(
            is_fictional=user.is_fictional
        )
        typed_field(self, "time_zone", forms.ChoiceField).choices = time_zone_choices()


def time_zone_choices() -> list[tuple[object, list[tuple[str, object]]]]:
    """Those of the US first, by the names people use; then all others by theirs."""
    others = sorted(zoneinfo.available_timezones() - set(US_ZONES))
    return [
        (_("United States"), list(US_ZONES.items())),
        (_("Elsewhere"), [(name, zone_label(name)) for name in others]),
    ]


class TokenForm(forms.Form):
    name = forms.CharField(label="What will use it", max_length=limits.SHORT_NAME)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=AccessToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[AccessToken.Scope.READ],
    )
    days = forms.TypedChoiceField(
        label="Works for", coerce=int, choices=[(30, "30 days"), (90, "90 days"), (365, "a year")], initial=90
    )
    submission = _submission()


class AbsenceForm(forms.Form):
    """From when to when someone is away, and who stands in."""

    starts_on = forms.DateField(label=_("First day away"), widget=_day_input(), error_messages=_DAY)
    ends_on = forms.DateField(label=_("Last day away"), widget=_day_input(), error_messages=_DAY)
    cover = forms.ChoiceField(
        label=_("Covered by"),
        help_text=_("They see your tasks of the cities named, and nothing they could not see before."),
        error_messages={"required": _("Choose who covers for you.")},
    )

    def __init__(self, *args, covers: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "cover", forms.ChoiceField).choices = [("", _("Choose a person")), *covers]

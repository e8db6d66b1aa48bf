"""The address of an account, to look it up and to confirm."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    email = forms.CharField(
        label=_("Email address of the account"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )


class ConfirmForm(forms.Form):
    confirmation = forms.CharField(
        label=_("Type the email address of the account to confirm"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": _("Type the address of the account exactly.")},
    )

"""Writing one contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField, VersionedForm
from engagements.models import Contact


class ContactForm(IdempotentForm):
    name = PlainTextField(label=_("Name"), max_length=limits.NAME)
    organisation = PlainTextField(label=_("Organization"), max_length=limits.NAME, required=False)
    title = PlainTextField(label=_("Job title"), max_length=limits.JOB_TITLE, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    phone = PlainTextField(label=_("Phone"), max_length=limits.PHONE, required=False)
    note = PlainTextField(label=_("Note for the team"), rows=3, max_length=limits.NOTE, required=False)


class ContactChangeForm(ContactForm, VersionedForm):
    """With the version that was seen."""


def initial_of(row: Contact) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("name", "organisation", "title", "email", "phone", "note", "version")}

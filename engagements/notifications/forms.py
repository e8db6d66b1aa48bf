"""What someone wants to hear about and when."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import NotificationChoice, User

_KINDS = {
    "mention": (_("Someone mentions you"), _("In a comment, by your name or email address.")),
    "assignment": (
        _("Someone needs something from you"),
        _("A milestone, a review, a question, or an answer to yours."),
    ),
    "change": (_("Something you work on changed"), _("These are in the digest of your work already.")),
}


class ChoicesForm(forms.Form):
    """One field for each kind, then the two mails that sum up."""

    def __init__(self, *args, user: User, chosen: dict[str, str], reads_portfolio: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, (label, note) in _KINDS.items():
            self.fields[kind] = forms.ChoiceField(
                label=label, help_text=note, choices=NotificationChoice.When.choices, initial=chosen[kind]
            )
        self.fields["digest"] = forms.ChoiceField(
            label=_("Digest of your work"),
            help_text=_("Your tasks, what is overdue and what others did, at 7 a.m."),
            choices=User.Digest.choices,
            initial=user.digest,
        )
        if reads_portfolio:
            self.fields["portfolio_digest"] = forms.TypedChoiceField(
                label=_("Your portfolios"),
                coerce="yes".__eq__,
                choices=[("yes", _("When a quarter has ended")), ("no", _("No mail"))],
                initial="yes" if user.portfolio_digest else "no",
            )

    def kinds(self) -> dict[str, str]:
        """Kind: when."""
        return {kind: self.cleaned_data[kind] for kind in _KINDS}

    def digests(self) -> dict[str, object]:
        """Fields of the profile."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _KINDS}

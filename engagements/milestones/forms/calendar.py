"""Whose dates a calendar link shows."""

from typing import cast

from django import forms


class FeedForm(forms.Form):
    engagement = forms.TypedChoiceField(label="Which dates", coerce=int, required=False, empty_value=None)

    def __init__(self, *args, engagements, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.pk, f"{row.city_name}, {row.initiative}") for row in engagements]
        cast(forms.ChoiceField, self.fields["engagement"]).choices = [("", "All my engagements"), *choices]

"""The one layout of long forms: which fields come first, which fold is open, what a closed one says."""

import re
from datetime import date

import pytest
from django import forms
from django.template.loader import render_to_string

from engagements.base.form_layout import Fold, FoldedForm, said_of


class Form(FoldedForm):
    FIRST = ("name", "text")
    GIVEN = frozenset({"owner"})
    FOLDS = (Fold("When", ("on", "months", "gone")), Fold("Who", ("owner", "way", "is_new")))

    months = forms.IntegerField(initial=12)
    is_new = forms.BooleanField(required=False)
    name = forms.CharField(label="Name")
    on = forms.DateField(label="On", required=False)
    way = forms.ChoiceField(choices=[("up", "Up"), ("down", "Down")])
    owner = forms.ChoiceField(label="Owner", required=False, choices=[("", "Nobody"), ("7", "Ada"), ("8", "Bo")])
    extra = forms.CharField(required=False)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
    key = forms.CharField(widget=forms.HiddenInput)


GOOD = {"name": "N", "text": "T", "months": "12", "way": "up", "key": "k"}


def open_folds(form: Form) -> list[bool]:
    return [fold.is_open for fold in form.layout.folds]


def test_first_come_the_named_ones_in_their_order_and_whatever_no_fold_holds():
    layout = Form().layout
    assert [placed.bound.name for placed in layout.first] == ["name", "text", "extra"]
    assert [placed.is_wide for placed in layout.first] == [False, True, False]
    assert [[placed.bound.name for placed in fold.fields] for fold in layout.folds] == [
        ["on", "months"],
        ["owner", "way", "is_new"],
    ]


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        (Form(), [False, False]),
        (Form(initial={"owner": "7"}), [False, False]),  # a default that the view gives
        (Form(initial={"on": date(2026, 11, 30)}), [True, False]),  # a value
        (Form(initial={"months": 12}), [False, False]),
        (Form(initial={"months": 6}), [True, False]),
        (Form(GOOD), [False, False]),
        (Form(GOOD, initial={"owner": "7"}), [False, False]),
        (Form(GOOD | {"owner": "8"}, initial={"owner": "7"}), [False, True]),  # typed over the default
        (Form(GOOD | {"way": "down"}), [False, True]),
        (Form(GOOD | {"is_new": "on"}), [False, True]),
        (Form(GOOD | {"months": "soon"}), [True, False]),  # wrong
        (Form(GOOD | {"months": ""}), [True, False]),  # empty, and needed
    ],
)
def test_a_fold_opens_with_an_error_or_a_value(form, wanted):
    assert open_folds(form) == wanted


def test_a_closed_fold_says_what_it_holds():
    said = [fold.said for fold in Form(initial={"owner": "7"}).layout.folds]
    assert said == ["Months: 12", "Owner: Ada"]
    assert said_of([Form(initial={"is_new": True})["is_new"]]) == "Is new"


def test_a_field_that_is_always_asked_for_is_in_an_open_fold():
    class Asked(Form):
        FOLDS = (Fold("When", ("on", "months"), is_asked=True),)

    assert Asked().layout.folds[0].is_open


def test_what_is_wrong_is_linked_and_the_first_of_it_has_the_focus():
    form = Form(GOOD | {"months": "soon", "text": ""})
    form.add_error(None, "Two at once.")
    page = render_to_string("engagements/base/_fields.html", {"form": form})
    summary = page[page.index('id="problem"') : page.index("</div>")]
    assert "Two at once." in summary and re.findall(r'href="#(\w+)"', summary) == ["id_text", "id_months"]
    assert page.count("autofocus") == 1 and re.search(r'<textarea[^>]*name="text"[^>]*autofocus', page)
    assert page.count("<details") == 2 and page.count('<details class="fold" open') == 1
    assert 'value="soon"' in page  # nothing typed is lost


def test_a_form_without_layout_stays_in_one_column():
    class Plain(forms.Form):
        name = forms.CharField()

    page = render_to_string("engagements/base/_fields.html", {"form": Plain()})
    assert (
        "<details" not in page and 'class="grid"' not in page and 'name="name"' in page and 'id="problem"' not in page
    )

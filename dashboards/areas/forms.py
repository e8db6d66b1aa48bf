"""What people type to make an area. Messages say what happened, why, and what to do; nothing is dropped silently."""

import hashlib
import re
from typing import Any

from django import forms

from atlas.models.areas import LONGEST_NAME, LONGEST_NOTE, MAX_TRACTS
from atlas.queries import areas
from atlas.queries.areas import ClassifiedGeoids, classify_geoids
from atlas.sources.districts import MAX_BYTES
from atlas.sources.geoid_text import MAX_TEXT_LENGTH, PastedCodes, read_geoids
from dashboards.base.form_choices import set_choices

_NAMED = 12  # codes spelled out in a message; the count is always said
_NO_MARKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


class OneLineField(forms.CharField):
    """Plain text on one line: no control characters, no marks that turn the direction of what follows."""

    def to_python(self, value):
        return " ".join(_NO_MARKS.sub(" ", super().to_python(value or "") or "").split())


def _name(**more) -> OneLineField:
    messages = {
        "required": "Give the area a name: it stands above every panel.",
        "max_length": f"The name is longer than {LONGEST_NAME} characters.",
    }
    return OneLineField(label="Name", max_length=LONGEST_NAME, error_messages=messages, **more)


def _note() -> OneLineField:
    too_long = {"max_length": f"The note is longer than {LONGEST_NOTE} characters."}
    return OneLineField(label="Note (what it is for)", max_length=LONGEST_NOTE, required=False, error_messages=too_long)


class ListForm(forms.Form):
    """Tracts as a list of GEOIDs. Codes that are no 2010 tract stop it until the person says to leave them out."""

    name = _name()
    note = _note()
    geoids = forms.CharField(
        label="Tract GEOIDs",
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        error_messages={
            "required": "Paste at least one tract GEOID, for example 26163500100.",
            "max_length": (
                f"The list is longer than {MAX_TEXT_LENGTH:,} characters; {MAX_TRACTS:,} tracts are the most."
            ),
            "null_characters_not_allowed": "The list holds characters that are no text: copy the column again.",
        },
    )
    leave_out = forms.CharField(required=False, max_length=64)
    picked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    pasted = PastedCodes((), 0, ())  # until something is sent
    sorted_codes: ClassifiedGeoids | None = None

    def clean_geoids(self) -> str:
        text = self.cleaned_data["geoids"]
        self.pasted = read_geoids(text)
        if not self.pasted.codes:
            raise forms.ValidationError(
                f"None of this is a tract GEOID: {self._unreadable_label()}. A tract has 11 digits, "
                "for example 26163500100."
            )
        if len(self.pasted.codes) > MAX_TRACTS:
            raise forms.ValidationError(
                f"These are {len(self.pasted.codes):,} tracts; an area has at most {MAX_TRACTS:,}."
            )
        self.sorted_codes = classify_geoids(self.pasted.codes)
        return text

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if self.sorted_codes is None or "geoids" in self.errors:
            return found
        if not self.sorted_codes.known:
            self.add_error("geoids", self._none_known(self.sorted_codes))
        elif self.left_out and found.get("leave_out") != self.left_out_mark:
            self.add_error("geoids", " ".join(self._problems(self.sorted_codes)))
        return found

    @property
    def codes(self) -> tuple[str, ...]:
        """Tracts of 2010 the area is made of; valid forms only."""
        assert self.sorted_codes is not None, "a valid form has a list of codes"
        return self.sorted_codes.known

    @property
    def left_out(self) -> tuple[str, ...]:
        """Everything in the list that would not be in the area."""
        if self.sorted_codes is None:
            return ()
        unreadable = tuple(piece.text for piece in self.pasted.unreadable)
        return (*self.sorted_codes.later, *self.sorted_codes.unknown, *unreadable)

    @property
    def left_out_mark(self) -> str:
        """What the person confirms: exactly these codes and no others that are typed in later."""
        return hashlib.sha256("\n".join(self.left_out).encode()).hexdigest()[:16] if self.left_out else ""

    @property
    def covering(self) -> tuple[tuple[str, float], ...]:
        """2010 tracts that cover the list when it is read as one of 2020 tracts; () when nothing says that it is."""
        if self.sorted_codes is None or not self.sorted_codes.later:
            return ()
        return areas.tracts_inside_2020_tracts((*self.sorted_codes.known, *self.sorted_codes.later))

    def _problems(self, found: ClassifiedGeoids) -> list[str]:
        said = []
        if found.later:
            said.append(
                f"{_counted(found.later, 'is a tract', 'are tracts')} of 2020, and every estimate here is for tracts "
                f"of 2010: {_listed(found.later)}."
            )
        if found.unknown:
            said.append(f"{_counted(found.unknown, 'is no tract', 'are no tracts')} of 2010: {_listed(found.unknown)}.")
            if not found.has_relation:
                said.append(
                    "If they are tracts of 2020: the Census file that relates them to 2010 has not been imported yet, "
                    "so they can't be told apart from mistakes."
                )
        if self.pasted.unreadable:
            said.append(f"Not read as GEOIDs: {self._unreadable_label()}.")
        said.append("Correct the list, or say below that they are to be left out.")
        return said

    def _none_known(self, found: ClassifiedGeoids) -> str:
        if not found.has_list:
            return "No list of tracts has been imported yet, so GEOIDs can't be checked. See the data page."
        return " ".join(self._problems(found)[:-1])

    def _unreadable_label(self) -> str:
        shown = [f"“{piece.text}” ({piece.reason})" for piece in self.pasted.unreadable[:_NAMED]]
        more = len(self.pasted.unreadable) - len(shown)
        return ", ".join(shown) + (f" and {more:,} more" if more else "")


class UploadForm(forms.Form):
    """A file of districts."""

    prefix_name = OneLineField(
        label="Name of the set (stands before each district’s name)",
        max_length=40,
        required=False,
        error_messages={"max_length": "The name is longer than 40 characters."},
    )
    districts = forms.FileField(
        label="GeoJSON file of districts",
        max_length=255,
        error_messages={
            "required": "Choose a GeoJSON file.",
            "empty": "The file is empty. Choose the file again, or export it once more.",
            "max_length": "The name of the file is too long: rename it and try again.",
        },
    )

    def clean_districts(self):
        sent = self.cleaned_data["districts"]
        if sent.size > MAX_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MAX_BYTES // 10**6} MB. Simplify the outlines, or split the file."
            )
        return sent


class DistrictsForm(forms.Form):
    """Which districts of an uploaded file become areas, and which property names them."""

    label = forms.CharField(required=False, max_length=80)
    prefix_name = OneLineField(required=False, max_length=40)
    chosen = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Choose at least one district.",
            "invalid_choice": "District %(value)s can't be made an area.",
        },
    )

    def __init__(self, *args, numbers: tuple[int, ...], **kwargs):
        super().__init__(*args, **kwargs)
        set_choices(self, "chosen", [(number, str(number)) for number in numbers])


class EditForm(forms.Form):
    """The owner's words, and who may see the area."""

    name = _name()
    note = _note()
    by_link = forms.BooleanField(label="Everyone with the link may see it", required=False)


def plain_file_name(name: str) -> str:
    """The last part of a name, without anything a page or a file system could trip over; at most 120 characters."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w .()-]+", "_", last).strip(" .")[-120:] or "districts.geojson"


def _listed(codes: tuple[str, ...]) -> str:
    more = len(codes) - _NAMED
    return ", ".join(codes[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _counted(codes: tuple[str, ...], one: str, many: str) -> str:
    return f"1 code {one}" if len(codes) == 1 else f"{len(codes):,} codes {many}"

"""What operators fill in. Messages say what happened, why, and what to do."""

from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.ingest.scanning import find_files
from atlas.sources.base import SourceFileError
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.opening import open_file
from atlas.web.uploads import DiskUploadHandler

EMPTY_FILE_ERROR = gettext_lazy("The file is empty. Choose the file again, or download it once more from its source.")


def server_files() -> list[tuple[str, str]]:
    """(name inside ATLAS_DATA_DIR, name with its size) of every file there that a source reads."""
    root = settings.ATLAS_DATA_DIR
    if root is None or not Path(root).is_dir():
        return []
    found = [path for path in find_files([Path(root)]) if _file_problem(path) is None]
    names = [(str(path.relative_to(root)), path.stat().st_size) for path in found]
    return [(name, f"{name} ({_format_bytes(size)})") for name, size in names]


class ImportForm(forms.Form):
    """One file: sent from this computer, or one that lies on the server."""

    upload = forms.FileField(
        label=gettext_lazy("A file from this computer"),
        required=False,
        max_length=255,
        error_messages={
            "empty": EMPTY_FILE_ERROR,
            "max_length": gettext_lazy("The name of the file is too long. Rename it and try again."),
        },
    )
    server_file = forms.ChoiceField(label=gettext_lazy("Or a file on the server"), required=False)
    make_live = forms.BooleanField(label=gettext_lazy("Use it at once, without reviewing the changes"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, arriving: DiskUploadHandler | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.arriving = arriving
        cast(forms.ChoiceField, self.fields["server_file"]).choices = [("", _("None")), *server_files()]
        self.fields["token"].initial = uuid4()

    def clean_upload(self):
        if self.arriving and self.arriving.too_large:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(limit)s, the most you can send. Nothing was imported. Put it into the "
                    "server’s data folder and choose it there."
                )
                % {"limit": _format_bytes(settings.UPLOAD_MAX_BYTES)}
            )
        sent = self.cleaned_data["upload"]
        if sent and (problem := _file_problem(self._uploaded_path())):
            raise forms.ValidationError(f"{problem} {_('Nothing was imported. Choose another file.')}")
        return sent

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if "upload" in self.errors:
            return found
        if found.get("upload") and found.get("server_file"):
            self.add_error("server_file", _("One file at a time: choose None here, or no file above."))
        if not found.get("upload") and not found.get("server_file") and "server_file" not in self.errors:
            self.add_error("upload", _("Choose a file here, or one on the server below."))
        return found

    @property
    def path(self) -> Path:
        """Where the chosen file lies; valid forms only."""
        if self.cleaned_data["upload"]:
            return self._uploaded_path()
        assert settings.ATLAS_DATA_DIR is not None, "without a data folder no file of the server is offered"
        return Path(settings.ATLAS_DATA_DIR) / self.cleaned_data["server_file"]

    def _uploaded_path(self) -> Path:
        assert self.arriving is not None and self.arriving.path is not None, "a file that was sent was written there"
        return self.arriving.path


class DecisionForm(forms.Form):
    """Make a staged release live, discard it, or roll a live one back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason (kept in the history, shown where numbers change)"), required=False, max_length=500
    )
    accept_losses = forms.BooleanField(required=False)
    accept_implausible = forms.BooleanField(required=False)
    seen = forms.RegexField(r"^[0-9,]*$", required=False, widget=forms.HiddenInput)

    def compared_releases(self) -> tuple[int, ...]:
        return tuple(int(pk) for pk in self.cleaned_data["seen"].split(",") if pk)


class ConfirmationForm(forms.Form):
    """What a label's numbers are, or what a suffix means."""

    kind = forms.ChoiceField(choices=[("unit", "unit"), ("suffix", "suffix")])
    subject = forms.CharField(max_length=200, strip=False)
    meaning = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Choose an answer. Nothing was changed.")}
    )


def _file_problem(path: Path) -> str | None:
    """Why no source reads the file; None when one does. Looks at its first bytes, never at its name."""
    try:
        detect_source(open_file(path))
    except UnknownFormat as unknown:
        return f"This is not a file the portal knows: its first line begins with “{unknown}”."
    except SourceFileError as refused:
        return f"The file was refused: {refused.problems[0].sentence()}."
    return None


def _format_bytes(count: int) -> str:
    for unit, divisor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= divisor:
            return f"{count / divisor:.1f} {unit}"
    return f"{count} bytes"

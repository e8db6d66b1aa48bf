"""Accepting an uploaded file: its type is read from its bytes, its name and its metadata are cleaned."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from engagements import limits
from engagements.discussion.actions.documents import NewFile
from engagements.discussion.files.capped_upload import MAX_BYTES
from engagements.discussion.files.detect_type import recognize
from engagements.discussion.files.file_types import ACCEPTED, BY_ENDING, HEIC, JPEG, REASONS, FileType, refusal
from engagements.discussion.files.images import rewrite
from engagements.permissions import Visibility


def accept(
    upload: UploadedFile,
    *,
    title: str = "",
    visibility: str = Visibility.TEAM.value,
    shows_people: bool = False,
    has_consent: bool = False,
    keep_original: bool = False,
) -> NewFile:
    """For `add_document` and `log_progress`. Raises ValidationError for the field `file`, with why and what to do.

    `keep_original`: of a picture also the bytes that came, with place, time and camera.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise refusal("The file is empty. Choose it again, or save it again.")
    if upload.size > MAX_BYTES:
        raise refusal(f"The file has {upload.size / 10**6:.0f} MB; at most {MAX_BYTES // 10**6} MB are taken.")
    ending = ending_of(name)
    if ending in REASONS:
        raise refusal(REASONS[ending])
    stream = cast(BinaryIO, upload)  # Django hands every method of a file on to the file it holds
    kind = recognize(stream, ending)
    _check_name(name, ending, kind)
    content = rewrite(stream, kind) if kind.is_image else upload
    content.seek(0)
    title = title.strip() or name
    common: dict[str, Any] = {"visibility": visibility, "shows_people": shows_people, "has_consent": has_consent}
    original = None
    if keep_original and kind.is_image:
        upload.seek(0)
        named = f"{title[: limits.TITLE - len(ORIGINAL)]}{ORIGINAL}"
        original = NewFile(content=upload, original_name=name, media_type=kind.media_type, title=named, **common)
    if kind is HEIC:
        name, kind = f"{PurePosixPath(name).stem}.jpg", JPEG
    return NewFile(
        content=content, original_name=name, media_type=kind.media_type, title=title, original=original, **common
    )


ORIGINAL = " (original)"


def _check_name(name: str, ending: str, kind: FileType) -> None:
    if ending in kind.endings:
        return
    if not ending:
        raise refusal(f"The name has no ending. This is {kind.words}: name it {name}.{kind.endings[0]}.")
    if ending not in BY_ENDING:
        raise refusal(f"Files named .{ending} are not taken. Bring {ACCEPTED}.")
    raise refusal(
        f"The name says .{ending}, but this is {kind.words}. Give it its own ending, .{kind.endings[0]}, and try again."
    )


LONGEST = 150
_UNWANTED = re.compile(r"""[<>:"'`|?*;&%$#{}=\\/]""")


def clean_name(name: str) -> str:
    """The last part of a path without control, direction and markup characters, its ending kept; “file” if all goes."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = " ".join(_UNWANTED.sub("_", visible).split()).strip(". ")
    stem, ending = PurePosixPath(plain or "file").stem, PurePosixPath(plain or "file").suffix[:10]
    return stem[: LONGEST - len(ending)] + ending


def ending_of(name: str) -> str:
    """In lower case without the dot, or nothing."""
    return PurePosixPath(clean_name(name)).suffix[1:].lower()

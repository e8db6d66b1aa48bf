"""Pictures are decoded and written again: what comes out holds pixels and nothing else, no place, time or camera."""

import io
import struct
from typing import BinaryIO

from django.core.files.base import ContentFile
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

from engagements.discussion.files.file_types import HEIC, JPEG, PNG, FileType, refusal

MAX_PIXELS = 50_000_000
UNREADABLE = "The picture is damaged: it can't be read. Take or save it again and try again."
TOO_MANY = f"The picture has more than {MAX_PIXELS // 10**6} million pixels. Make it smaller and try again."
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    IndexError,
    TypeError,
    KeyError,
    MemoryError,
    RuntimeError,
)


def rewrite(content: BinaryIO, kind: FileType) -> ContentFile:
    """The first frame, upright, in sRGB, without EXIF, GPS, comments or profiles; HEIC as JPEG.

    Raises ValidationError for `file`.
    """
    content.seek(0)
    if kind is HEIC:
        register_heif_opener(thumbnails=False)
    written = JPEG if kind is HEIC else kind
    try:
        with Image.open(content, formats=(kind.name.upper(),)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise refusal(TOO_MANY)
            picture.load()
            pixels = _plain(picture, written)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise refusal(TOO_MANY) from bomb
    except _BROKEN as broken:
        raise refusal(UNREADABLE) from broken
    out = io.BytesIO()
    options = {"quality": 90} if written is not PNG else {"compress_level": 6}
    pixels.save(out, format=written.name.upper(), **options)
    return ContentFile(out.getvalue())


def _plain(picture: Image.Image, kind: FileType) -> Image.Image:
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    upright = _in_srgb(ImageOps.exif_transpose(picture)).convert("RGBA" if see_through and kind is not JPEG else "RGB")
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Its colors stay when its profile goes; a profile nobody can read goes without."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    assert found is not None, "it is None only where the picture itself is changed"
    return found

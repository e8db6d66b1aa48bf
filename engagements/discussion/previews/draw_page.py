"""A program of its own: reads one untrusted file from its standard input and writes two small pictures of it.

It imports nothing of the portal, gets none of its environment and, before it looks at the first byte, gives up the
right to open anything: no file, no socket, no other program's library. What a decoder does after that stays here.

Output: a line of JSON, then the bytes. {"width", "height", "sizes": [bytes of the large, of the small picture]} or
{"problem": one of the names in `reasons.PROBLEMS`}.
"""

import io
import json
import resource
import struct
import sys

import pypdfium2 as pdfium
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

SECONDS = 20  # of a processor
MEMORY = 1_500_000_000  # bytes of addresses; a picture of 50 million pixels needs some 600 million
OUTPUT = 4_000_000  # bytes
INPUT = 25_000_000
PIXELS, PAGES = 50_000_000, 5_000
LARGE, SMALL = 1400, 360  # pixels of the longer side
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, TypeError, KeyError, RuntimeError)


class Problem(Exception):
    """`args[0]`: its name."""


def confine() -> None:
    """From here on this process can neither open nor start anything, nor grow. Not to be undone."""
    register_heif_opener(thumbnails=False)
    Image.init()  # every decoder is loaded before the door closes
    Image.MAX_IMAGE_PIXELS = PIXELS
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def draw(content: bytes, kind: str) -> Image.Image:
    """The first page or frame, upright, without anything but pixels. Raises Problem."""
    try:
        return _first_page(content) if kind == "pdf" else _picture(content, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Problem("pixels") from bomb
    except MemoryError as full:
        raise Problem("too_long") from full
    except _BROKEN as broken:
        raise Problem("damaged") from broken


def _picture(content: bytes, kind: str) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=(kind.upper(),)) as picture:
        if picture.width * picture.height > PIXELS:
            raise Problem("pixels")
        picture.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded at a fraction of its size
        picture.load()
        return ImageOps.exif_transpose(picture)


def _first_page(content: bytes) -> Image.Image:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as broken:
        locked = "password" in str(broken).lower()
        raise Problem("locked" if locked else "damaged") from broken
    if len(document) > PAGES:
        raise Problem("pages")
    if not len(document):
        raise Problem("damaged")
    try:
        page = document[0]
        width, height = page.get_size()
        if not (0 < width < 1e6 and 0 < height < 1e6):
            raise Problem("damaged")
        # No form is filled in and no action runs: forms are not initialized.
        drawn: Image.Image = page.render(scale=LARGE / max(width, height), draw_annots=True).to_pil()
        return drawn
    except pdfium.PdfiumError as broken:
        raise Problem("damaged") from broken


def shrunk(picture: Image.Image, longest: int) -> bytes:
    """On white, at most `longest` pixels a side, as WebP that holds pixels only."""
    part = picture.copy()
    part.thumbnail((longest, longest))
    see_through = "A" in part.getbands() or "transparency" in part.info
    clean = Image.new("RGB", part.size, "white")
    if see_through:
        part = part.convert("RGBA")
        clean.paste(part, mask=part.getchannel("A"))
    else:
        clean.paste(part.convert("RGB"))
    out = io.BytesIO()
    clean.save(out, format="WEBP", quality=80)
    return out.getvalue()


def main(kind: str) -> None:
    confine()
    content = sys.stdin.buffer.read(INPUT + 1)
    try:
        if len(content) > INPUT:
            raise Problem("too_long")
        picture = draw(content, kind)
        made = [shrunk(picture, LARGE), shrunk(picture, SMALL)]
        factor = min(1.0, LARGE / max(picture.size))
        width, height = (max(1, round(side * factor)) for side in picture.size)
        said = {"width": width, "height": height, "sizes": [len(part) for part in made]}
    except Problem as problem:
        said, made = {"problem": problem.args[0]}, []
    except MemoryError:
        said, made = {"problem": "too_long"}, []
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + b"".join(made))


if __name__ == "__main__":
    main(sys.argv[1])

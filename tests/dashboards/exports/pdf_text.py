"""The words of a PDF that typst wrote, in the order they were drawn: enough of the format for its own output.

Fonts name glyphs by numbers; each font's ToUnicode table says which letters they are.
"""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.S)
_SHOWN = re.compile(r"/(f\d+) [\d.]+ Tf|<([0-9a-fA-F]+)>|\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)", re.S)


def objects_of(pdf: bytes) -> dict[int, bytes]:
    return {int(number): body for number, body in _OBJECT.findall(pdf)}


def read_pdf(pdf: bytes) -> str:
    """All letters without their spacing: compare with `squeezed` words."""
    objects = objects_of(pdf)
    said = []
    for body in objects.values():
        if b"/Type/Page/" in body:
            resources = objects[int(re.search(rb"/Resources (\d+) 0 R", body)[1])]
            fonts = {
                name.decode(): _letters(objects, int(number))
                for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
            }
            for number in re.search(rb"/Contents \[?([\d R]+)", body)[1].split(b" 0 R")[0:1]:
                said.append(_drawn(_stream(objects[int(number)]), fonts))
    return "".join(said)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _stream(body: bytes) -> bytes:
    raw = body[body.index(b"stream") + 6 :].lstrip(b"\r\n")
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body else raw


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    table = _stream(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", objects[font])[1])]).decode()
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for low, high, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + step] = chr(int(text, 16) + step)
    return found


def _drawn(content: bytes, fonts: dict[str, dict[int, str]]) -> str:
    said, font = [], {}
    for name, hexed, plain in _SHOWN.findall(re.sub(r"<<.*?>>\s*BDC", "", content.decode("latin-1"), flags=re.S)):
        if name:
            font = fonts[name]
            continue
        codes = bytes.fromhex(hexed) if hexed else _unescaped(plain)
        said += [font.get(int.from_bytes(codes[i : i + 2]), "?") for i in range(0, len(codes) - 1, 2)]
    return squeezed("".join(said))


def _unescaped(text: str) -> bytes:
    def plain(match: re.Match) -> str:
        word = match[1]
        return (
            chr(int(word, 8))
            if word.isdigit()
            else {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(word, word)
        )

    return re.sub(r"\\([0-7]{1,3}|.)", plain, text, flags=re.S).encode("latin-1")

"""Where the other files of a table are: one for each format, what describes them, and code that reads them."""

from dataclasses import dataclass

from atlas.tables.formats import FORMATS
from atlas.web.converters import PACKAGE


@dataclass(frozen=True)
class FileLinks:
    """`files` and `codes`: words on a link and its address. `codes` is empty where the file asks for a sign-in."""

    files: tuple[tuple[str, str], ...]
    package: str
    codes: tuple[tuple[str, str], ...]


def file_links(csv_address: str, query: str = "", *, has_shapes: bool = False, is_public: bool = True) -> FileLinks:
    """`csv_address` ends in "csv" and has no query; `query` repeats the reader's choices.

    A program that reads a table of signed-in people would get the page that asks to sign in, so it gets no code.
    """
    stem, tail = csv_address.removesuffix("csv"), f"?{query}" if query else ""
    offered = [made for made in FORMATS.values() if has_shapes or not made.needs_shapes]
    return FileLinks(
        tuple((made.label, f"{stem}{made.extension}{tail}") for made in offered),
        f"{stem}{PACKAGE}{tail}",
        tuple((label, f"{stem}{end}{tail}") for label, end in (("Python", "py"), ("R", "R"))) if is_public else (),
    )

"""What a PDF tells somebody who listens: its title, language, and the tree of its headings, tables and figures."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

HEADINGS = {f"H{level}": level for level in range(1, 7)}


@dataclass
class Tag:
    """One element of the tree. `owns_content`: something on a page is its own."""

    kind: str
    alt: str
    title: str
    scope: str
    owns_content: bool = False
    inside: list["Tag"] = field(default_factory=list)

    def all(self) -> Iterator["Tag"]:
        yield self
        for tag in self.inside:
            yield from tag.all()


def tags_of(pdf: bytes) -> Tag:
    root = PdfReader(io.BytesIO(pdf)).root_object
    return _read(root["/StructTreeRoot"], _roles(root["/StructTreeRoot"]))


def missing_from(pdf: bytes) -> list[str]:
    """What PDF/UA asks for and this file lacks, as far as its tree can tell."""
    reader = PdfReader(io.BytesIO(pdf))
    root, found = reader.root_object, []
    if not root.get("/MarkInfo", {}).get("/Marked"):
        found.append("it is not marked as tagged")
    if "/StructTreeRoot" not in root:
        return [*found, "it has no tree of tags"]
    if not str(root.get("/Lang", "")).startswith("en"):
        found.append("its language is not named")
    if not (reader.metadata and reader.metadata.title):
        found.append("it has no title")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        found.append("a reader shows the name of the file for its title")
    if b"pdfuaid:part" not in root["/Metadata"].get_object().get_data():
        found.append("it does not claim PDF/UA")
    for number, page in enumerate(reader.pages, 1):
        if "/StructParents" not in page:
            found.append(f"nothing on page {number} is in the tree")
        if page.get("/Tabs") != "/S":
            found.append(f"page {number} has another order for the keyboard than its tree")
    return found + _in_tree(tags_of(pdf))


def _in_tree(tree: Tag) -> list[str]:
    tags, found = list(tree.all()), []
    levels = [HEADINGS[tag.kind] for tag in tags if tag.kind in HEADINGS]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append(f"it begins with no heading of level 1, or has more of them: {levels}")
    found += [
        f"a heading of level {b} follows one of {a}" for a, b in zip(levels, levels[1:], strict=False) if b > a + 1
    ]
    for tag in tags:
        if tag.kind == "Figure" and not tag.alt.strip():
            found.append("a figure has no words")
        if tag.kind == "Table":
            heads = [each for each in tag.all() if each.kind == "TH"]
            if not heads or any(head.scope not in ("/Column", "/Row", "/Both") for head in heads):
                found.append("a table has no heads, or heads of neither row nor column")
            if not any(each.kind == "TD" for each in tag.all()):
                found.append("a table has no cells")
    return found


def _roles(root: DictionaryObject) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in root.get("/RoleMap", {}).items()}


def _read(node: Any, roles: dict[str, str]) -> Tag:
    kind = str(node.get("/S", "/Root"))
    kind = roles.get(kind, kind).lstrip("/")
    tag = Tag(kind, str(node.get("/Alt", "")), str(node.get("/T", "")), _scope(node.get("/A")))
    inside = node.get("/K", [])
    for one in inside if isinstance(inside, ArrayObject) else [inside]:
        each = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(each, DictionaryObject) and "/S" in each:
            tag.inside.append(_read(each, roles))
        else:
            tag.owns_content = True
    return tag


def _scope(given: Any) -> str:
    given = given.get_object() if isinstance(given, IndirectObject) else given
    for one in given if isinstance(given, ArrayObject) else [given]:
        each = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(each, DictionaryObject) and "/Scope" in each:
            return str(each["/Scope"])
    return ""

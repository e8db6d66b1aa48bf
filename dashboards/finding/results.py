"""What a search found, as its page and its suggestions show it."""

from dataclasses import dataclass, field

from engagements.finding.rules import Piece


@dataclass(frozen=True)
class Link:
    text: str
    address: str
    name: str = ""  # what a screen reader says, "" for the text


@dataclass(frozen=True)
class Hit:
    """One thing that was found; `links` are its parts, such as the census tracts of a neighborhood.

    `pieces`: the title with the found words apart, () of places; `excerpt`: the text around them.
    """

    title: str
    detail: str  # where it is, in a few words
    address: str
    links: tuple[Link, ...] = ()
    left_out: int = 0  # parts beyond those linked
    pieces: tuple[Piece, ...] = ()
    excerpt: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Group:
    """All results of one kind; `note` says what a reader must know before they choose."""

    kind: str
    heading: str
    hits: tuple[Hit, ...] = ()
    note: str = ""
    more: bool = False  # more fit than are listed
    is_similar: bool = False  # nothing is written as it was typed
    more_address: str = ""  # where all of this kind are listed


@dataclass(frozen=True)
class Found:
    query: str
    groups: tuple[Group, ...] = ()
    messages: tuple[str, ...] = field(default=())  # what could not be done, and what to do instead
    kind: str = ""  # only this kind was looked for

    @property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(hit for group in self.groups for hit in group.hits)

    @property
    def is_empty(self) -> bool:
        return not self.hits

"""What an entry of /methods/ holds, and the anchors that panels link to. Pure."""

from dataclasses import dataclass

ATLAS = (
    "Chetty, Friedman, Hendren, Jones and Porter (2018), The Opportunity Atlas: Mapping the Childhood Roots of "
    "Social Mobility, NBER Working Paper 25147"
)


@dataclass(frozen=True)
class MethodEntry:
    """One formula. `formula` and `terms` are plain text; the page reads well aloud without them."""

    anchor: str
    title: str
    question: str  # what it answers, as somebody would ask it
    words: tuple[str, ...]  # paragraphs
    formula: tuple[str, ...]  # lines, none where there is no arithmetic
    terms: tuple[tuple[str, str], ...]  # (symbol, what it is)
    limits: tuple[str, ...]
    citation: str

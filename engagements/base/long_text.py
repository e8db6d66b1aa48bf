"""A text that is longer than its first line: nothing of it is ever cut away. Pure."""

import re

_SENTENCE_END = re.compile(r"[.!?;:]['\"”’)]*\s+")


def split_text(text: str, longest: int) -> tuple[str, str]:
    """(first line of at most `longest` characters, the rest), together the whole text but for the space between them.

    Cut where a paragraph or sentence ends, else between two words, else where the line is full. A sentence end in the
    first third is passed over: the line should say more than “Hello.”.
    Worked, longest 12: "Met. Agreed on it all." -> ("Met.", "Agreed on it all.");
    "Hi. Agreed on it" -> ("Hi. Agreed", "on it").
    """
    text = text.strip()
    first, _, rest = text.partition("\n")
    if len(first.strip()) <= longest:
        return first.strip(), rest.strip()
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: longest + 1])]
    cut = ends[-1] if ends and ends[-1] > longest / 3 else text.rfind(" ", 0, longest + 1)
    if cut <= 0:
        cut = longest
    return text[:cut].strip(), text[cut:].strip()

"""Parts of sentences: where a finding is cut, lists, capitals, dashes."""

import re


def split_finding(finding: str) -> tuple[str, str]:
    """(first sentence, the rest). "St. Louis" and "No. 3" end no sentence: the word before the stop has four letters
    or more, or is a number or closes a bracket."""
    for stop in re.finditer(r"(?<=[.!?])\s+(?=[A-Z0-9])", finding):
        before = re.search(r"(\S+)[.!?]$", finding[: stop.start()])
        if before and (len(before[1]) >= 4 or not before[1][-1].isalpha()):
            return finding[: stop.start()], finding[stop.end() :]
    return finding, ""


def capitalize_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def join_with_and(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def lower_first(text: str) -> str:
    """For the middle of a sentence."""
    return text[:1].lower() + text[1:]


def with_dashes(text: str) -> str:
    """ "2012-16" -> "2012–16": years and ages as prose has them."""
    return re.sub(r"(?<=\d)-(?=\d)", "–", text)

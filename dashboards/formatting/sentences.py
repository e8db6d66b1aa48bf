"""Findings cut where their first sentence ends: what stands in bold, in a slide's heading, and what follows."""

import re


def split_finding(finding: str) -> tuple[str, str]:
    """(first sentence, the rest). "St. Louis" and "No. 3" end no sentence: the word before the stop has four letters
    or more, or is a number or closes a bracket."""
    for stop in re.finditer(r"(?<=[.!?])\s+(?=[A-Z0-9])", finding):
        before = re.search(r"(\S+)[.!?]$", finding[: stop.start()])
        if before and (len(before[1]) >= 4 or not before[1][-1].isalpha()):
            return finding[: stop.start()], finding[stop.end() :]
    return finding, ""

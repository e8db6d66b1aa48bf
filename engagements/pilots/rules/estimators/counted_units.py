"""Counts with the word for what is counted, in plain English: for reasons of refusals and caps."""

IRREGULAR = {"person": "people", "child": "children"}


def plural(word: str) -> str:
    """Worked: person people, school schools, city cities, church churches, block group block groups."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word}s"


def counted(number: int, word: str) -> str:
    """Worked: 1 school; 2 schools; no schools."""
    if number == 0:
        return f"no {plural(word)}"
    return f"1 {word}" if number == 1 else f"{number:,} {plural(word)}"


def not_few(number: int, word: str, limit: int = 10) -> str:
    """As `counted`, but never an exact small count: it would tell of people. Worked: 4 person -> fewer than 10 people;
    no person -> no people; 12 person -> 12 people."""
    return f"fewer than {limit} {plural(word)}" if 0 < number < limit else counted(number, word)

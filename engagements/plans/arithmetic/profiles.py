"""Mean earnings by age as somebody pastes them: a line for each age, from a table that they name. Pure."""

import re

from atlas.formatting.money import format_dollars
from engagements.limits import AGE_OF_MEAN, FIRST_AGE, LAST_AGE, MOST_EARNED

MOST_REPORTED = 5  # problems at once
HOW = f"Write an age and its average yearly earnings on each line: {AGE_OF_MEAN}, 48000."
_LINE = re.compile(r"^([^,;\t ]+)\s*[,;\t ]\s*(.+)$")

Profile = list[list[int | float]]  # [age, dollars a year], ages rising by one


def parse_profile(text: str) -> tuple[Profile, list[str]]:
    """(rows, problems by line); a first line of column names is passed over, empty lines too.

    Worked: "age, earnings\\n33, $46,000\\n34, 48000" -> [[33, 46000.0], [34, 48000.0]].
    """
    rows: Profile = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or (not rows and not problems and line.lower().startswith("age")):
            continue
        found = _LINE.match(line)
        if found is None:
            problems.append(f"Line {number}: “{line[:40]}” is not an age and an amount. {HOW}")
            continue
        age, earned = found[1], _number(found[2])
        if not re.fullmatch(r"\d{1,3}", age):
            problems.append(f"Line {number}: “{age[:20]}” is not an age in whole years. {HOW}")
        elif earned is None:
            problems.append(f"Line {number}: “{found[2][:20]}” is not an amount in dollars. {HOW}")
        else:
            rows.append([int(age), earned])
            said = _of_row(rows, len(rows) - 1)
            problems += [f"Line {number}: {said}"] if said else []
    return rows, _limited(problems or _of_all(rows))


def check_profile(rows: object) -> list[str]:
    """What is wrong with rows that a program sends, as sentences; [] when nothing is."""
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == 2 for row in rows):
        return ["Send a list of pairs: an age and its average yearly earnings in dollars."]
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for row in rows for part in row):
        return ["Ages and earnings are numbers."]
    said = [f"Pair {at + 1}: {problem}" for at in range(len(rows)) if (problem := _of_row(rows, at))]
    return _limited(said or _of_all(rows))


def write_profile(rows: Profile) -> str:
    """As it is pasted. Worked: [[34, 48000.0]] -> "34, 48000"."""
    return "\n".join(f"{age:g}, {_plain(earned)}" for age, earned in rows)


def _plain(earned: float) -> str:
    return f"{earned:.2f}".removesuffix(".00")


def _number(words: str) -> float | None:
    bare = words.strip().removeprefix("$").replace(",", "").strip()
    return float(bare) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", bare) else None


def _of_row(rows: Profile, at: int) -> str:
    age, earned = rows[at]
    if not FIRST_AGE <= age <= LAST_AGE or age != int(age):
        return f"age {age:g} is outside {FIRST_AGE} to {LAST_AGE}, in whole years."
    if at and age != rows[at - 1][0] + 1:
        return f"age {age:g} follows {rows[at - 1][0]:g}. Ages rise by one, none left out and none twice."
    if not 0 < earned <= MOST_EARNED:
        return f"average earnings at {age:g} are more than $0 and at most {format_dollars(MOST_EARNED)}."
    return ""


def _of_all(rows: Profile) -> list[str]:
    if not any(row[0] == AGE_OF_MEAN for row in rows):
        return [f"Age {AGE_OF_MEAN} is missing: a gain is measured against average earnings at {AGE_OF_MEAN}."]
    return []


def _limited(problems: list[str]) -> list[str]:
    rest = len(problems) - MOST_REPORTED
    return problems if rest <= 0 else [*problems[:MOST_REPORTED], f"And {rest} more of this kind."]

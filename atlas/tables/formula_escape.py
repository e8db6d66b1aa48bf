"""One escape for spreadsheet formulas in CSV cells, and its way back. Pure.

A spreadsheet runs a CSV cell that begins with = + - or @; Excel also takes their full-width and small forms. It may
skip white space and invisible characters before them, and a leading tab or line break can push the rest into a cell of
its own (OWASP, "CSV Injection"). An apostrophe in front makes the cell text.

A spreadsheet set to another separator than the comma may still cut a cell; CSV here is cut at commas.
Workbooks need no escape: a cell written as a string (`write_string`) is never run.
"""

import unicodedata

SIGNS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
_BREAKS = ("\t", "\r", "\n")
# White space, control characters and format characters such as the byte order mark or a zero-width space.
_SKIPPED = ("Zs", "Zl", "Zp", "Cc", "Cf")


def escape_formula(text: str) -> str:
    """With an apostrophe in front where a spreadsheet could run it: "=1+1" becomes "'=1+1".

    A text that already has apostrophes before such a beginning gets one more, so that `unescape_formula` always
    gives back what went in.
    """
    return f"'{text}" if _may_run(text.lstrip("'")) else text


def unescape_formula(cell: str) -> str:
    """The text that `escape_formula` was given: "'=1+1" becomes "=1+1"; any other cell stays as it is."""
    return cell[1:] if cell.startswith("'") and _may_run(cell.lstrip("'")) else cell


def _may_run(text: str) -> bool:
    if text.startswith(_BREAKS):
        return True
    shown = (character for character in text if unicodedata.category(character) not in _SKIPPED)
    return next(shown, "") in SIGNS

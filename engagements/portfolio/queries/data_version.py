"""What changes with everything a portfolio shows: the key of what is kept of it."""

from engagements.portfolio.queries.rows_as_of import read

_PUBLIC = """SELECT (SELECT n FROM atlas_generation),
    (SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM atlas_public_change)"""
_WORK = "(SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM engagements_work_change)"


def data_version(*, is_past: bool = False) -> str:
    """Equal twice: nothing that a portfolio reads was committed in between. One statement.

    Triggers write a row for each committed transaction (migrations 0015 of engagements and its successors), and the
    version is which rows can be seen: the order in which transactions end does not matter. Inside a transaction its own
    writes may hide behind one row: nothing read there may be kept. `is_past`: of a moment after which no work can
    still be written, where only results, plans and the data they stand beside change.
    """
    (row,) = read(_PUBLIC if is_past else f"{_PUBLIC}, {_WORK}", ())
    return "-".join(str(each or 0) for each in row)

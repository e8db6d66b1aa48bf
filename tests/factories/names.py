"""Names that differ and hold no digits: a test that looks for a number on a page must not find it in a name."""

_LETTERS = str.maketrans("0123456789", "bcdfghjklm")  # no vowels: no words


def letters(number: int) -> str:
    """Five letters, in the order of the numbers.

    >>> letters(0), letters(12), letters(99_999)
    ('bbbbb', 'bbbcd', 'mmmmm')
    """
    return f"{number:05}".translate(_LETTERS)

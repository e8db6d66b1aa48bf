class Refusal(Exception):
    """A start that cannot go on for a reason the user can mend: its text is one clear sentence.

    Entry points print it to stderr without a traceback and exit with status 2.
    """

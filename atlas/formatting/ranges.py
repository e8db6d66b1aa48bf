"""Two ends of a range as text. Pure."""


def join_ends(low: str, high: str) -> str:
    """Ends that read alike once rounded say so: a range of nothing would look like certainty.

    Worked: ("2.9", "4.1") -> "2.9 to 4.1"; ("177,900", "177,900") -> "both ends round to 177,900".
    """
    return f"{low} to {high}" if low != high else f"both ends round to {low}"

"""The bracket at the right of rows whose difference it names; as tall as the cell it stands in."""

from dashboards.charts.marks.elements import shape

WIDTH = 10


def draw_bracket() -> str:
    """An upright line with two arms toward the rows; the words beside it say the gap, so it is silent."""
    arms = "".join(shape("line", "m-bracket", x1="0", x2=WIDTH, y1=y, y2=y) for y in ("0", "100%"))
    upright = shape("line", "m-bracket", x1=WIDTH, x2=WIDTH, y1="0", y2="100%")
    return (
        f'<svg class="mark-bracket" width="{WIDTH}" height="100%" overflow="visible" focusable="false" '
        f'aria-hidden="true" xmlns="http://www.w3.org/2000/svg">{arms}{upright}</svg>'
    )

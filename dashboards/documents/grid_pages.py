"""A long table cut into slides: every row once, heads on each, totals on the last."""

from dashboards.documents.cells import COLORS, NUMBERS, printed
from dashboards.documents.model import Grid
from dashboards.documents.slides.deck import fits_title
from dashboards.documents.slides.look import BODY, SMALLEST, Box
from dashboards.documents.slides.tables import table_heights
from dashboards.exports.svg.elements import clean

_ROW_SIZES = (12.0, SMALLEST)  # points, of tables; the smaller one from so many rows on
_LARGE_SIZES = (18.0, 16.0, 14.0, 13.0)  # of tables that fit one slide
_MANY = 14
_CELL = 420  # letters


def row_size(grid: Grid, box: Box = BODY) -> float:
    """The largest at which the whole table fits the box, so that a short one fills its slide."""
    heads, rows, total = printed(grid)
    words = [[_shortened(cell) for cell in row] for row in (*rows, *([total] if total else []))]
    cells = [[clean(cell) for cell in row] for row in ([head.label for head in heads], *words)]
    weights = tuple(head.weight for head in heads)
    for size in _LARGE_SIZES if len(cells) <= _MANY else ():
        if sum(table_heights(cells, box[2], size, weights)) <= box[3]:
            return size
    return _ROW_SIZES[len(grid.rows) > _MANY]


class GridPage:
    """A slide's part of a table: every row in words, heads first."""

    def __init__(self, grid: Grid, title: str, count: tuple[int, int], rows: list[list[str]]) -> None:
        heads = [head for head in grid.heads if head.in_print]
        number, of = count
        self.name, self.number = title, "" if of == 1 else f" ({number} of {of})"
        self.rows = [[clean(cell) for cell in row] for row in ([head.label for head in heads], *rows)]
        self.weights = tuple(head.weight for head in heads)
        self.numeric = tuple(head.kind in NUMBERS for head in heads)
        self.colors = {
            (y, x): COLORS[words.split(":", 1)[0]]
            for y, row in enumerate(self.rows)
            for x, (words, head) in enumerate(zip(row, heads, strict=True))
            if y and head.kind == "mark" and words.split(":", 1)[0] in COLORS
        }

    @property
    def title(self) -> str:
        return f"{self.name}{self.number}"

    def titled(self, finding: str) -> str:
        """The finding over its table, with which part of it this is; the table's name where that is too long."""
        words = f"{finding.rstrip('.')}{self.number}"
        return words if finding and fits_title(words) else self.title


def grid_pages(grid: Grid, box: Box = BODY) -> list[GridPage]:
    """Every row once, totals on the last."""
    heads, rows, total = printed(grid)
    weights = tuple(head.weight for head in heads)
    labels = [head.label for head in heads]
    rows = [[_shortened(words) for words in row] for row in (*rows, *([total] if total else []))]
    heights = table_heights(
        [[clean(cell) for cell in row] for row in (labels, *rows)], BODY[2], row_size(grid, box), weights
    )
    pages: list[list[list[str]]] = [[]]
    room = box[3] - heights[0]
    for row, high in zip(rows, heights[1:], strict=True):
        if pages[-1] and high > room:
            pages.append([])
            room = box[3] - heights[0]
        pages[-1].append(row)
        room -= high
    return [GridPage(grid, grid.name, (number, len(pages)), page) for number, page in enumerate(pages, 1)]


def _shortened(words: str) -> str:
    """A cell that a slide can hold; the other files hold all of it."""
    return words if len(words) <= _CELL else f"{words[:_CELL].rsplit(' ', 1)[0]} … (all of it is in the workbook)"

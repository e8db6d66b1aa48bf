"""Long words cut into slides: whole paragraphs where they fit, whole words always, nothing left out."""

from dashboards.documents.model import Paragraph
from dashboards.documents.slides.look import Box
from dashboards.documents.slides.text import LINE, lines_of


def pages_of_paragraphs(paragraphs: tuple[Paragraph, ...], size: float, box: Box) -> list[str]:
    """Each page's text; a heading stands on a line of its own, above at least the first line of its words."""
    room = int(box[3].pt / (size * LINE))
    pages: list[list[str]] = [[]]
    used = 0
    for words in paragraphs:
        blocks = [line.strip() for line in words.text.split("\n") if line.strip()] or [""]
        blocks[0] = f"{words.label}: {blocks[0]}" if words.label else blocks[0]
        blocks[0] = f"{words.head}\n{blocks[0]}" if words.head else blocks[0]
        for block in blocks:
            said = block
            need = lines_of(said, size, box[2]) + 1
            if used and used + need > room:
                pages.append([])
                used = 0
            while need > room:  # longer than a slide: as many words as fit, the rest on the next
                fits, said = _split(said, size, box, room)
                pages[-1].append(fits)
                pages.append([])
                need, used = lines_of(said, size, box[2]) + 1, 0
            pages[-1].append(said)
            used += need
    return ["\n\n".join(page) for page in pages if any(part.strip() for part in page)]


def _split(text: str, size: float, box: Box, room: int) -> tuple[str, str]:
    words, low, high = text.split(" "), 1, text.count(" ") + 1
    while low < high:  # the most words that fit
        middle = (low + high + 1) // 2
        if lines_of(" ".join(words[:middle]), size, box[2]) <= room - 1:
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low]), " ".join(words[low:])

"""A table's text in blocks of whole lines, the next one read while the last is used.

pyarrow's own streaming reader calls back into Python from a thread nobody can wait for: a process that ended right
after a refused file was killed by an abort ("terminate called without an active exception", 5 of 100 runs on a busy
machine).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from atlas.sources.base import file_error
from atlas.sources.opening import GuardedStream


def read_line_blocks(stream: GuardedStream, size: int) -> Iterator[tuple[bytes, float | None]]:
    """Blocks of about `size` bytes that end with a line, and the fraction of the file read by then.

    The thread that reads ahead has ended when the iterator has. Raises SourceFileError for a line longer than `size`,
    and what the stream raises.
    """
    rest = b""
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        ahead = reader.submit(_read, stream, size)
        while True:
            block, fraction = ahead.result()
            if not block:
                break
            ahead = reader.submit(_read, stream, size)
            end = block.rfind(b"\n") + 1
            if not end:
                rest += block
                if len(rest) > size:
                    raise file_error(f"has a line of more than {size:,} bytes")
                continue
            yield rest + block[:end], fraction
            rest = block[end:]
    if rest:
        yield rest, 1.0


def _read(stream: GuardedStream, size: int) -> tuple[bytes, float | None]:
    return stream.read(size) or b"", stream.fraction

"""Small archives that expand to gigabytes, built in well under a second.

One block is compressed once and its bytes repeated; the checksum of the repetition is combined from the
checksum of the block, so nothing large is ever held or hashed.
"""

import struct
import zlib
from pathlib import Path

BLOCK = b"1,1,100\n" * 131_072  # 1 MiB
POLYNOMIAL = 0xEDB88320


def _times(matrix: list[int], vector: int) -> int:
    total, row = 0, 0
    while vector:
        if vector & 1:
            total ^= matrix[row]
        vector >>= 1
        row += 1
    return total


def _squared(matrix: list[int]) -> list[int]:
    return [_times(matrix, row) for row in matrix]


def _joined_checksum(first: int, second: int, second_length: int) -> int:
    """CRC-32 of two joined texts from their own CRCs."""
    matrix = [POLYNOMIAL] + [1 << bit for bit in range(31)]  # one zero bit
    for _ in range(3):
        matrix = _squared(matrix)  # one zero byte
    while second_length:
        if second_length & 1:
            first = _times(matrix, first)
        matrix = _squared(matrix)
        second_length >>= 1
    return first ^ second


def _repeated_checksum(block: bytes, times: int) -> int:
    total, doubled, length = 0, zlib.crc32(block), len(block)
    while times:
        if times & 1:
            total = _joined_checksum(total, doubled, length)
        doubled, length, times = _joined_checksum(doubled, doubled, length), length * 2, times >> 1
    return total


def _deflated(head: bytes, blocks: int) -> tuple[bytes, int, int]:
    """Raw deflate stream, CRC-32 and length of `head` and `blocks` blocks."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = press.compress(head) + press.flush(zlib.Z_FULL_FLUSH)
    middle = press.compress(BLOCK) + press.flush(zlib.Z_FULL_FLUSH)
    data = start + middle * blocks + press.flush(zlib.Z_FINISH)
    checksum = _joined_checksum(zlib.crc32(head), _repeated_checksum(BLOCK, blocks), blocks * len(BLOCK))
    return data, checksum, len(head) + blocks * len(BLOCK)


def write_gzip_bomb(path: Path, head: bytes, megabytes: int = 3072) -> int:
    """A valid .gz; returns its expanded size in bytes."""
    data, checksum, size = _deflated(head, megabytes)
    trailer = struct.pack("<II", checksum, size & 0xFFFFFFFF)
    path.write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + data + trailer)
    return size


def write_zip_bomb(path: Path, head: bytes, megabytes: int = 3072, member: str = "tract_outcomes_simple.csv") -> int:
    """A valid .zip with one member under 4 GiB; returns the member's expanded size in bytes."""
    data, checksum, size = _deflated(head, megabytes)
    name = member.encode()
    shared = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, checksum, len(data), size, len(name), 0)
    local = b"PK\x03\x04" + shared + name
    central = b"PK\x01\x02" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(data), 0)
    path.write_bytes(local + data + central + end)
    return size

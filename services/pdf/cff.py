"""Writes a bare CID-keyed CFF font (Adobe Technical Note 5176) of just the glyphs a document shows."""

from collections.abc import Sequence

from services.pdf.charstring import encode_number

FONT_BOX = (-100, -300, 1100, 1000)
NOTDEF = b"\x0e"
FIRST_CUSTOM_STRING = 391
IDENTITY = (b"Adobe", b"Identity")

FONT_BBOX, CHARSET, CHAR_STRINGS, PRIVATE = b"\x05", b"\x0f", b"\x11", b"\x12"
ROS, CID_COUNT, FD_ARRAY, FD_SELECT = b"\x0c\x1e", b"\x0c\x22", b"\x0c\x24", b"\x0c\x25"
DEFAULT_WIDTH, NOMINAL_WIDTH = b"\x14", b"\x15"
EM = 1000


def build(name: str, charstrings: Sequence[bytes]) -> bytes:
    """CID 0 is .notdef; CID n is the n-th charstring, its width in front, in thousandths of the em."""
    glyphs = _index([NOTDEF, *charstrings])
    head = b"\x01\x00\x04\x02" + _index([name.encode("ascii")])
    tail = _index(IDENTITY) + _index([])
    count = len(charstrings)
    charset = b"\x02" + _u16(1) + _u16(count - 1)
    fd_select = b"\x03" + _u16(1) + _u16(0) + b"\x00" + _u16(count + 1)
    private = _private()

    start = len(head) + len(_top_dict_index(0, 0, 0, 0, count)) + len(tail)
    select_at = start + len(charset)
    private_at = select_at + len(fd_select)
    array_at = private_at + len(private)
    fd_array = _index([_offset(len(private)) + _offset(private_at) + PRIVATE])
    top = _top_dict_index(start, select_at, array_at, array_at + len(fd_array), count)
    return b"".join((head, top, tail, charset, fd_select, private, fd_array, glyphs))


def _top_dict_index(charset: int, fd_select: int, fd_array: int, glyphs: int, count: int) -> bytes:
    registry, ordering = FIRST_CUSTOM_STRING, FIRST_CUSTOM_STRING + 1
    return _index(
        [
            _numbers(registry, ordering, 0) + ROS
            + _numbers(*FONT_BOX) + FONT_BBOX
            + _offset(count + 1) + CID_COUNT
            + _offset(charset) + CHARSET
            + _offset(fd_select) + FD_SELECT
            + _offset(fd_array) + FD_ARRAY
            + _offset(glyphs) + CHAR_STRINGS
        ]
    )  # fmt: skip


def _private() -> bytes:
    return _numbers(EM) + DEFAULT_WIDTH + _numbers(0) + NOMINAL_WIDTH


def _numbers(*values: int) -> bytes:
    return b"".join(map(encode_number, values))


def _offset(value: int) -> bytes:
    """Always five bytes, so that a DICT's size does not depend on the offsets in it."""
    return b"\x1d" + value.to_bytes(4, "big")


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _index(items: Sequence[bytes]) -> bytes:
    if not items:
        return _u16(0)
    offsets = [1]
    for item in items:
        offsets.append(offsets[-1] + len(item))
    size = (offsets[-1].bit_length() + 7) // 8
    return b"".join((_u16(len(items)), bytes([size]), *(offset.to_bytes(size, "big") for offset in offsets), *items))

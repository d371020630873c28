"""Type 2 charstrings (Adobe Technical Note 5177): made independent of the font they come from."""

from collections.abc import Sequence

CALLSUBR, RETURN, ESCAPE, ENDCHAR, SHORT_INT, CALLGSUBR = 10, 11, 12, 14, 28, 29
STEMS = {1, 3, 18, 23}
MASKS = {19, 20}
EVEN_OPERANDS = STEMS | MASKS | {ENDCHAR}
MOVES = {4: 1, 21: 2, 22: 1}


class UnsupportedCharstring(ValueError):
    """The charstring computes with operators that no packaged font uses."""


def encode_number(value: int) -> bytes:
    """Operand of a charstring or a DICT: both share this form up to three bytes."""
    if -107 <= value <= 107:
        return bytes([value + 139])
    return bytes([SHORT_INT]) + value.to_bytes(2, "big", signed=True)


def flatten(code: bytes, local_subrs: Sequence[bytes], global_subrs: Sequence[bytes]) -> bytes:
    """Copy with every subroutine written out and without the width, which its caller puts in front."""
    flattener = _Flattener(local_subrs, global_subrs)
    flattener.run(code)
    return bytes(flattener.flat)


def _bias(subrs: Sequence[bytes]) -> int:
    count = len(subrs)
    return 107 if count < 1240 else 1131 if count < 33900 else 32768


class _Flattener:
    def __init__(self, local_subrs: Sequence[bytes], global_subrs: Sequence[bytes]) -> None:
        self.flat = bytearray()
        self.subrs = {CALLSUBR: (local_subrs, _bias(local_subrs)), CALLGSUBR: (global_subrs, _bias(global_subrs))}
        self.operands: list[bytes] = []
        self.stems = 0
        self.width_is_behind_us = False

    def run(self, code: bytes) -> None:
        at, end = 0, len(code)
        while at < end:
            first = code[at]
            if first >= 32 or first == SHORT_INT:
                size = 1 if first < 247 and first != SHORT_INT else 2 if 247 <= first < 255 else 3 if first < 32 else 5
                self.operands.append(code[at : at + size])
                at += size
            elif first == RETURN:
                return
            else:
                at += self._operator(first, code, at)

    def _operator(self, operator: int, code: bytes, at: int) -> int:
        """Returns the bytes consumed."""
        if operator in self.subrs:
            subrs, bias = self.subrs[operator]
            self.run(subrs[_decode_number(self.operands.pop()) + bias])
            return 1
        if operator == ESCAPE and code[at + 1] < 34:
            raise UnsupportedCharstring(code.hex())
        self._drop_width(operator)
        size = self._size(operator)
        self.flat += b"".join(self.operands) + code[at : at + size]
        self.operands.clear()
        return size

    def _drop_width(self, operator: int) -> None:
        if self.width_is_behind_us:
            return
        self.width_is_behind_us = True
        surplus = len(self.operands) % 2 if operator in EVEN_OPERANDS else len(self.operands) - MOVES[operator]
        if surplus:
            del self.operands[0]

    def _size(self, operator: int) -> int:
        if operator in STEMS or operator in MASKS:
            self.stems += len(self.operands) // 2
        if operator in MASKS:
            return 1 + (self.stems + 7) // 8
        return 2 if operator == ESCAPE else 1


def _decode_number(encoded: bytes) -> int:
    first = encoded[0]
    if first == SHORT_INT:
        return int.from_bytes(encoded[1:], "big", signed=True)
    if first < 247:
        return first - 139
    if first < 251:
        return (first - 247) * 256 + encoded[1] + 108
    return -(first - 251) * 256 - encoded[1] - 108

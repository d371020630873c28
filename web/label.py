"""What a code is called and in which colour it is shown."""

from typing import Literal, NamedTuple

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]


class Label(NamedTuple):
    word: str
    colour: Colour = "gray"

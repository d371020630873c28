"""What every command of the command line is made of."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` are the help texts of what must be given, by name, `options` what may be, with its default.

    `run` opens its own transactions.
    """

    name: str
    help: str
    run: Callable[[Namespace], None]
    arguments: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class CommandFailed(Exception):
    """The command did its work and found something wrong; the text says what."""

"""Progress bars on the terminal, and nothing where the output goes to a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Gives the function to be told how many of how many are done."""
    with tqdm(desc=description, disable=not sys.stderr.isatty(), leave=False) as shown:

        def show(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield show

"""What the product brings along: under licences that allow its use, and nothing that nobody has asked for."""

import re
from importlib.metadata import PackageNotFoundError, metadata, requires

import pytest

from tests.test_requirements import pinned

NAME = re.compile(r"[A-Za-z0-9._-]+")
# Of all of them a work may be made and run by anybody; those that demand its source (GPL, AGPL, SSPL) are not here.
FREE = re.compile(
    r"\b(MIT|0?BSD|Apache|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General Public|OFL|Zlib|CC0)"
)
DEMANDING = re.compile(r"\bA?GPL|SSPL|(?<!Lesser )General Public License")
# Packages that say it in a file only.
IN_A_FILE = {"pyrage": "MIT"}


def brought_along() -> dict[str, str]:
    """The licence of every distribution that is installed because of requirements.txt."""
    found: dict[str, str] = {}
    waiting = list(pinned("requirements.txt"))
    while waiting:
        name = waiting.pop()
        if name in found or not is_installed(name):
            continue
        found[name] = licence(name)
        needed = (line for line in requires(name) or [] if "extra ==" not in line)
        waiting += [match[0].lower() for line in needed if (match := NAME.match(line))]
    return found


def is_installed(name: str) -> bool:
    """Others are for other systems."""
    try:
        metadata(name)
    except PackageNotFoundError:
        return False
    return True


def licence(name: str) -> str:
    said = metadata(name)
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License")]
    texts = *said.get_all("License-Expression", []), *classifiers, *said.get_all("License", [""])[0].splitlines()[:1]
    return IN_A_FILE.get(name) or "; ".join(filter(None, texts))


def test_every_licence_allows_what_the_product_does() -> None:
    found = brought_along()
    assert len(found) > len(pinned("requirements.txt"))
    assert {name: said for name, said in found.items() if not FREE.search(said) or DEMANDING.search(said)} == {}


@pytest.mark.parametrize(
    "said", ["AGPL-3.0-only", "GPL-3.0-or-later", "GNU General Public License v3 (GPLv3)", "SSPL-1.0", "", "UNKNOWN"]
)
def test_a_licence_that_demands_more_is_noticed(said: str) -> None:
    assert not FREE.search(said) or DEMANDING.search(said)

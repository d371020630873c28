"""The requirements name exactly what the code imports, each at one version."""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions, version

import pytest

from db.settings import PROJECT
from tests.architecture import OURS
from tests.source import PRODUCT, sources

LINE = re.compile(r"^([A-Za-z0-9-]+)(?:\[\w+\])?==(\S+)")
# Loaded by others through their name alone.
NEVER_IMPORTED = {"psycopg": "SQLAlchemy's driver", "uvloop": "uvicorn's event loop"}
FILES = ("requirements.txt", "requirements-dev.txt")


def pinned(file: str) -> dict[str, str]:
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith(("#", "-r "))]
    return {match[1].lower(): match[2] for line in wanted if (match := LINE.match(line))}


def imported(*places: str) -> set[str]:
    """The distributions that provide what the source imports."""
    known = packages_distributions()
    modules = {module.partition(".")[0] for source in sources(*places) for module in source.imports.values()}
    outside = modules - OURS - sys.stdlib_module_names
    return {_normal(known[module]) for module in outside}


def _normal(distributions: Iterable[str]) -> str:
    return min(distributions).lower().replace("_", "-")


def test_the_product_imports_what_it_requires() -> None:
    assert imported(*PRODUCT) | NEVER_IMPORTED.keys() == pinned("requirements.txt").keys()


def test_the_tests_import_nothing_that_is_not_required() -> None:
    required = pinned("requirements.txt") | pinned("requirements-dev.txt")
    assert imported("tests") - required.keys() == set()


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_pinned_to_the_version_that_is_tested(file: str) -> None:
    versions = pinned(file)
    lines = (PROJECT / file).read_text(encoding="utf-8").splitlines()
    assert len(versions) == sum(bool(line.strip()) and not line.startswith(("#", "-r ")) for line in lines)
    assert versions == {name: version(name) for name in versions}

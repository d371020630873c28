"""Nothing that must be withstood is without a test, and no test that is named has gone."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.checklist import CHECKLIST

HERE = Path(__file__).parent
LENGTHS = {"A": 14, "L": 8, "S": 12, "P": 3, "F": 8, "H": 5, "D": 6, "O": 4}


@cache
def functions_of(path: str) -> set[str]:
    """Functions that pytest runs, whether of the module or of a class."""
    tree = ast.parse((HERE / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_row_of_the_checklist_is_there() -> None:
    assert list(CHECKLIST) == [f"{letter}{number}" for letter, last in LENGTHS.items() for number in range(1, last + 1)]


@pytest.mark.parametrize("key", CHECKLIST)
def test_every_row_is_held_by_tests_that_exist(key: str) -> None:
    row = CHECKLIST[key]
    assert row.tests
    for path, name in (test.split("::") for test in row.tests):
        assert name in functions_of(path), f"{path}::{name}"


def test_a_test_that_has_gone_is_noticed() -> None:
    assert "test_nothing_of_the_kind" not in functions_of("test_checklist.py")
    assert "test_a_test_that_has_gone_is_noticed" in functions_of("test_checklist.py")

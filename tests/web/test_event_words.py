"""Every action that a service writes down has its words."""

import ast

import pytest

from tests.source import sources
from web import event_words

pytestmark = pytest.mark.no_database


def recorded() -> set[str]:
    """Codes as they stand in calls of `record`, and the beginning of those that are put together."""
    found = set()
    for source in sources("services"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 2:
                found |= _codes(node.args[2])
    return found


def _codes(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return {str(argument.values[0].value)}
    return set()


def test_the_services_were_read() -> None:
    assert {"sign_in", "claim_", "class_"} <= recorded()


@pytest.mark.parametrize("code", sorted(recorded()))
def test_every_action_that_is_recorded_has_its_words(code: str) -> None:
    assert code.removesuffix("_") in event_words.STEPS if code.endswith("_") else code in event_words.all_actions()


def test_no_action_is_called_like_another_one() -> None:
    names = list(event_words.all_actions().values())
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_what_is_not_known_is_called_by_its_code() -> None:
    assert (event_words.action("moon_landing"), event_words.thing("moon")) == ("moon_landing", "moon")

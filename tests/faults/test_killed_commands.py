"""Commands that are killed at a random moment and given again. `python -m tests.faults` takes all of them in turn."""

from pathlib import Path

import pytest

from tests import database
from tests.faults.commands import SCENARIOS, Scenario, kill_commands
from tests.faults.killing import Summary

# The others take as long as the demo, or only read.
HERE = [scenario for scenario in SCENARIOS if scenario.name in {"recompute", "import-legacy", "backup", "restore"}]


@pytest.mark.no_database
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", database.KINDS)
@pytest.mark.parametrize("scenario", HERE, ids=[scenario.name for scenario in HERE])
def test_a_command_that_was_killed_is_given_again_and_comes_to_its_end(
    scenario: Scenario, kind: str, tmp_path: Path
) -> None:
    summary = Summary()
    kill_commands(kind, tmp_path, scenario, range(1), summary)
    assert (summary.faults, summary.kills) == ([], 1)

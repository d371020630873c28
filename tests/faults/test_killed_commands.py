"""Commands that are killed at a random moment and given again. `python -m tests.faults` takes all of them in turn."""

from pathlib import Path

import pytest

from services.commands import COMMANDS
from tests import database
from tests.faults.commands import kill_commands
from tests.faults.killing import Summary
from tests.faults.scenarios import SCENARIOS, Scenario

# The others take as long as the demo, or write next to nothing.
SHORT = {"recompute", "import-legacy", "backup", "restore"}
HERE = [scenario for scenario in SCENARIOS if scenario.name in SHORT]
READS_ONLY = {"verify-certificate"}


@pytest.mark.no_database
def test_no_command_that_writes_is_forgotten() -> None:
    assert {scenario.name for scenario in SCENARIOS} | READS_ONLY == {command.name for command in COMMANDS}


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

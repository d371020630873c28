"""The tools that read the code: their verdict is a test like any other."""

import subprocess
import sys

import pytest

from db.settings import PROJECT

TOOLS = {
    "lint": ["ruff", "check", "."],
    "layout": ["ruff", "format", "--check", "."],
    "types": ["mypy", "--strict", "."],
}


@pytest.mark.timeout(300)  # mypy's first run reads every installed package
@pytest.mark.parametrize("tool", TOOLS)
def test_the_tools_find_nothing(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *TOOLS[tool]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

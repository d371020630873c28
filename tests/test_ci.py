"""What runs before a change is accepted is the README's own test command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.settings import PROJECT

BEGINNING = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt && .venv/bin/python -m pytest"


def shown(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [folder / ".ci/run", "--show"], cwd="/", capture_output=True, text=True, timeout=60, check=False
    )


def checkout(folder: Path, readme: str) -> Path:
    (folder / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci/run", folder / ".ci/run")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return folder


def test_ci_runs_the_line_that_the_readme_shows() -> None:
    command = shown(PROJECT).stdout.strip()
    assert command == BEGINNING
    assert f"```sh\n{command}\n```" in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_ci_follows_when_the_readme_changes(tmp_path: Path) -> None:
    command = f"{BEGINNING.replace('-m pytest', '-X dev -m pytest')}"
    assert shown(checkout(tmp_path, f"# Test\n\n```sh\n{command}\n```\n")).stdout.strip() == command


def test_ci_fails_when_the_readme_shows_no_test_command(tmp_path: Path) -> None:
    assert shown(checkout(tmp_path, "# Nothing to test\n")).returncode != 0


def test_what_is_skipped_elsewhere_fails_in_ci(tmp_path: Path) -> None:
    (tmp_path / "test_browser.py").write_text("import pytest\ndef test_it(): pytest.skip('no Chromium')\n")
    outcomes = {ci: _outcome(tmp_path, ci) for ci in ("true", "")}
    assert outcomes == {"true": pytest.ExitCode.TESTS_FAILED, "": pytest.ExitCode.OK}


def _outcome(folder: Path, ci: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), str(folder)]
    environment = {**os.environ, "CI": ci, "PYTEST_ADDOPTS": "-p tests.unskipped"}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, timeout=60, check=False
    ).returncode

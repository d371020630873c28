"""What the environment may say, and what refuses to start."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from db.session import make_engine
from db.settings import SettingsError, load

KEY = "k" * 32


def test_with_nothing_set_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    found = load({"HOURBOOK_DATA_DIR": str(tmp_path)})
    assert found.database_url == f"sqlite:///{tmp_path / 'hourbook.db'}"
    assert found.storage_url == (tmp_path / "evidence").as_uri()
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert load({"HOURBOOK_DATA_DIR": str(tmp_path)}).secret_key == found.secret_key
    assert len(found.secret_key) >= 32


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = list(threads.map(lambda _: load({"HOURBOOK_DATA_DIR": str(tmp_path)}).secret_key, range(64)))
    assert len(set(keys)) == 1
    assert keys[0]


@pytest.mark.parametrize(
    "environment",
    [
        {"HOURBOOK_ENV": "test"},
        {"HOURBOOK_TEST_CAPTCHA": "ABCDE"},
        {"HOURBOOK_ENV": "production", "HOURBOOK_TEST_CAPTCHA": "ABCDE", "HOURBOOK_SECRET_KEY": KEY},
        {"HOURBOOK_DATABASE_URL": "postgresql://localhost/hourbook"},
        {"HOURBOOK_SECRET_KEY": "too short"},
        {"HOURBOOK_LOG_FORMAT": "xml"},
    ],
)
def test_an_unsafe_environment_refuses_to_start(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load({"HOURBOOK_DATA_DIR": str(tmp_path), **environment})


def test_a_new_embedded_database_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hourbook.db"
    with make_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("CREATE TABLE anything (id INTEGER)"))
        connection.execute(text("INSERT INTO anything VALUES (1)"))
        files = list(path.parent.iterdir())
    assert path in files
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def test_an_old_embedded_database_is_closed_to_others_when_it_is_opened(tmp_path: Path) -> None:
    files = [tmp_path / f"hourbook.db{ending}" for ending in ("", "-wal", "-shm")]
    for file in files:
        file.touch()
        file.chmod(0o664)
    make_engine(f"sqlite:///{files[0]}")
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3


def test_cookies_are_secure_as_soon_as_the_address_is(tmp_path: Path) -> None:
    base = {"HOURBOOK_DATA_DIR": str(tmp_path)}
    assert not load(base).secure_cookies
    assert load({**base, "HOURBOOK_PUBLIC_URL": "https://hours.example/"}).secure_cookies

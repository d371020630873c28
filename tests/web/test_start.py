"""When the server refuses to start, and what it does when a page breaks."""

import logging
import sys
from importlib.metadata import packages_distributions

import pytest
import streamlit as st
from sqlalchemy.exc import IntegrityError, OperationalError
from streamlit import error_util

from db.settings import PROJECT, SettingsError, load
from web import incidents, lifespan, logs

pytestmark = pytest.mark.no_database
KEY = {"HOURBOOK_SECRET_KEY": "x" * 32}
ID_NUMBER = "440104198503170019"


def use(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    changed = load(KEY | {f"HOURBOOK_{name}": value for name, value in environment.items()})
    monkeypatch.setattr(lifespan, "settings", lambda: changed)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_alone_it_starts(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    use(monkeypatch)
    assert lifespan.refuse_exposure(address) is None  # type: ignore[func-returns-value]  # no refusal is the answer


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "", None])  # noqa: S104  # what must not be bound
def test_other_machines_come_in_through_tls_or_not_at_all(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    use(monkeypatch)
    with pytest.raises(SettingsError, match="HOURBOOK_PUBLIC_URL"):
        lifespan.refuse_exposure(address)
    use(monkeypatch, PUBLIC_URL="https://xueshi.example")
    lifespan.refuse_exposure(address)


def test_a_captcha_with_a_known_answer_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, ENV="test", TEST_CAPTCHA="ABCDE", PUBLIC_URL="https://xueshi.example")
    with pytest.raises(SettingsError, match="TEST_CAPTCHA"):
        lifespan.refuse_exposure("0.0.0.0")  # noqa: S104


def test_the_user_gets_a_number_and_the_log_gets_no_personal_data(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: shown.append(text))
    cause = OperationalError("INSERT INTO person", {"name": "林知夏"}, Exception("x"))
    with caplog.at_level(logging.ERROR):
        assert incidents.show_incident(ValueError(f"{ID_NUMBER} lin@example.com 13900000000 {cause}"))
    (number,) = [word for word in shown[0].split() if len(word) == 8 and word in caplog.text]
    assert number.isalnum()
    for personal in (ID_NUMBER, "lin@example.com", "13900000000", "林知夏"):
        assert personal not in caplog.text + shown[0]
    assert "ValueError" in caplog.text
    assert "ValueError" not in shown[0]


def test_a_database_that_is_away_is_named_and_nobody_is_told_that_nothing_was_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: shown.append(text))
    incidents.show_incident(OperationalError("COMMIT", {}, Exception("server closed the connection")))
    assert "暂时无法访问数据库，刚才的操作可能没有保存" in shown[0]


def test_what_libraries_log_of_an_error_holds_no_personal_data_either(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Streamlit writes down every error of a page before it asks us what to do with it."""
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    logs.keep_clean()
    row = f"null value\nDETAIL:  Failing row contains (7, 林知夏, {ID_NUMBER})."
    failing_row = IntegrityError("INSERT", {}, Exception(row))
    for error in (ValueError(ID_NUMBER), failing_row):
        error_util.handle_user_script_exception(error, lambda _error: True)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=failing_row)
    written = caplog.text + capsys.readouterr().err
    assert "ValueError" in written
    assert "IntegrityError" in written
    assert ID_NUMBER not in written
    assert "林知夏" not in written


def test_no_module_of_the_web_layer_hides_a_librarys() -> None:
    """While a page runs, Streamlit puts the router's folder first on the path: `import captcha` would find ours."""
    libraries = set(packages_distributions()) | sys.stdlib_module_names
    ours = {path.stem for path in (PROJECT / "web").glob("*.py")}
    assert ours & libraries <= {"__init__"}

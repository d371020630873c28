"""The lines of the log: their fields, their number, and that nothing personal is in them."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.scriptrunner import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from db import reading, transaction
from db.accounts import AuthSession, Role
from services import page_times
from services.permissions import Actor, Scope
from tests import factories
from tests.web.client import HOST, new_client, token_for
from web import incidents, logs, run_log
from web import page_times as counter
from web.middleware import MIDDLEWARE
from web.run_log import running

ID_NUMBER = "440104198503170019"
WATCHING = Actor(1, "管理员", scopes=(Scope(Role.ADMINISTRATOR),))


class Lines(logging.Handler):
    """Every record as its two formats write it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[dict[str, object]] = []
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(json.loads(logs.JsonLines().format(record)))
        self.text.append(logs.TextLines().format(record))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    logs.keep_clean()
    handler, logger = Lines(), logging.getLogger("hourbook")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.mark.no_database
class TestLines:
    def test_a_run_is_one_line_with_number_page_account_time_and_outcome(self, lines: Lines) -> None:
        with running("page", "personal/home"):
            run_log.note_actor(Actor(7, "林知夏", username="zhixia"))
        (line,) = lines.written
        assert {name: line[name] for name in ("logger", "level", "message", "page", "account", "outcome")} == {
            "logger": "hourbook.runs",
            "level": "INFO",
            "message": "page",
            "page": "personal/home",
            "account": 7,
            "outcome": "ok",
        }
        assert re.fullmatch("[0-9a-f]{16}", str(line["request"]))
        assert isinstance(line["ms"], float)
        assert "林知夏" not in lines.text[0] + json.dumps(line, ensure_ascii=False)
        assert f"account=7 outcome=ok ms={line['ms']}" in lines.text[0]

    def test_what_is_said_in_between_has_the_same_number(self, lines: Lines) -> None:
        for _ in range(2):
            with running("page", "personal/home"):
                logging.getLogger("hourbook.storage").error("%s is missing", "file")
        numbers = [line["request"] for line in lines.written]
        assert numbers[0] == numbers[1] != numbers[2] == numbers[3]

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [(StopException(), "ok"), (RerunException(RerunData()), "rerun"), (ValueError(ID_NUMBER), "failed")],
    )
    def test_how_it_ended_is_said(self, lines: Lines, error: BaseException, outcome: str) -> None:
        with pytest.raises(type(error)), running("page", "personal/home"):
            raise error
        assert [line["outcome"] for line in lines.written] == [outcome]

    def test_what_is_too_small_for_a_line_has_one_when_it_breaks(self, lines: Lines) -> None:
        with running("page"):
            pass
        with pytest.raises(ValueError, match="x"), running("page"):
            raise ValueError("x")
        assert [line["outcome"] for line in lines.written] == ["failed"]

    def test_the_number_on_the_screen_finds_the_run_that_broke(
        self, lines: Lines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Streamlit asks what to show after the page has ended."""
        shown: list[str] = []
        monkeypatch.setattr(st, "error", lambda text, icon: shown.append(text))
        failure = ValueError(ID_NUMBER)
        with pytest.raises(ValueError, match=ID_NUMBER), running("page", "personal/home"):
            raise failure
        incidents.show_incident(failure)
        ended, incident = lines.written
        assert str(incident["incident"]) in shown[0]
        assert incident["request"] == ended["request"]
        assert ID_NUMBER not in json.dumps(lines.written) + "".join(lines.text)

    def test_messages_arguments_and_errors_are_cleaned(self, lines: Lines) -> None:
        logger = logging.getLogger("hourbook.anything")
        logger.warning("%s of %s", ID_NUMBER, "lin@example.com")
        logger.warning("number %d", int("13900000000"))
        logger.warning("no place for %s", "one", "two")
        try:
            raise ValueError(f"13900000000 {ID_NUMBER}")
        except ValueError:
            logger.exception("broken")
        said = json.dumps(lines.written, ensure_ascii=False) + "".join(lines.text)
        for personal in (ID_NUMBER, "lin@example.com", "13900000000"):
            assert personal not in said
        assert lines.written[2]["message"] == "no place for %s ('one', 'two')"
        assert "ValueError" in str(lines.written[3]["error"])

    def test_a_json_line_is_one_line(self, lines: Lines) -> None:
        incidents.report(ValueError("two\nlines"))
        assert "\n" not in json.dumps(lines.written[0])
        assert "\n" in str(lines.written[0]["message"])

    def test_the_fields_of_a_text_stand_in_its_first_line(self, lines: Lines) -> None:
        number = incidents.report(ValueError("two\nlines"))
        first, *more = lines.text[0].splitlines()
        assert first.endswith(f" incident={number}")
        assert "ValueError: two" in more

    def test_everything_goes_out_in_one_format(self, monkeypatch: pytest.MonkeyPatch) -> None:
        root, theirs = logging.getLogger(), logging.getLogger("streamlit")
        monkeypatch.setattr(root, "handlers", [])
        monkeypatch.setattr(theirs, "handlers", [logging.NullHandler()])
        monkeypatch.setattr(
            logging.root.manager, "loggerDict", {"streamlit": theirs, "hourbook": logging.getLogger("x")}
        )
        logs.set_up("json")
        assert [type(handler.formatter) for handler in [*root.handlers, *theirs.handlers]] == [logs.JsonLines] * 2


class TestRequests:
    def test_a_request_has_a_line_without_what_stands_in_its_address(self, lines: Lines) -> None:
        new_client().get("/verify.json", params={"code": ID_NUMBER})
        (line,) = [line for line in lines.written if line["message"] == "http"]
        assert (line["page"], line["status"], line["outcome"]) == ("/verify.json", HTTPStatus.NOT_FOUND, "refused")
        assert ID_NUMBER not in json.dumps(lines.written)

    def test_a_signed_in_browser_is_named_by_its_account(self, lines: Lines, account_id: int) -> None:
        with reading() as session:
            assert session.query(AuthSession).count() == 1
        (line,) = [line for line in lines.written if line["message"] == "http"]
        assert (line["page"], line["account"], line["status"]) == ("document", account_id, HTTPStatus.OK)

    @pytest.mark.no_database
    def test_health_and_static_files_have_none(self, lines: Lines) -> None:
        client = new_client()
        for path in ("/health/live", "/static/nothing.js", "/_stcore/health"):
            client.get(path)
        assert not lines.written

    @pytest.mark.no_database
    def test_an_incident_of_a_route_is_found_by_the_number_that_was_answered(self, lines: Lines) -> None:
        async def fail(_request: Request) -> Response:
            raise ValueError(ID_NUMBER)

        app = Starlette(routes=[Route("/verify.json", fail)], middleware=MIDDLEWARE)
        response = TestClient(app, base_url=f"http://{HOST}").get("/verify.json")
        incident = next(line for line in lines.written if "incident" in line)
        ended = next(line for line in lines.written if line["message"] == "http")
        assert str(incident["incident"]) in response.text
        assert incident["request"] == ended["request"]
        assert (ended["status"], ended["outcome"]) == (HTTPStatus.INTERNAL_SERVER_ERROR, "failed")

    @pytest.mark.no_database
    def test_requests_at_the_same_time_keep_their_own_numbers(self, lines: Lines) -> None:
        async def speak(_request: Request) -> Response:
            logging.getLogger("hourbook.anything").warning("here")
            return PlainTextResponse("ok")

        app = Starlette(routes=[Route("/verify.json", speak)], middleware=MIDDLEWARE)
        for _ in range(3):
            TestClient(app, base_url=f"http://{HOST}").get("/verify.json")
        assert len({line["request"] for line in lines.written}) == 3


@pytest.fixture
def account_id(lines: Lines) -> int:
    """Somebody whose browser has just opened the first page."""
    with transaction() as session:
        account = factories.create_account(session)
    assert new_client(token=token_for(account)).get("/").status_code == HTTPStatus.OK
    return account.id


class TestPageTimes:
    @pytest.fixture(autouse=True)
    def _nothing_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counter, "_counted", Counter())

    def test_what_ran_is_counted_and_stored_once(self) -> None:
        with running("page", "personal/home"):
            pass
        with running("job", "seats"):
            pass
        with pytest.raises(RerunException), running("page", "personal/home"):
            raise RerunException(RerunData())
        counter.store()
        counter.store()
        with reading() as session:
            (found,) = page_times.slowest(session, WATCHING)
        assert (found.page, found.week.runs) == ("personal/home", 1)

    def test_what_could_not_be_stored_is_stored_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        counter.note("personal/home", 5)
        store = page_times.store

        def fail(*_arguments: object) -> None:
            raise OperationalError("INSERT", {}, Exception("no database"))

        monkeypatch.setattr(page_times, "store", fail)
        with pytest.raises(OperationalError):
            counter.store()
        monkeypatch.setattr(page_times, "store", store)
        counter.store()
        with reading() as session:
            assert [each.week.runs for each in page_times.slowest(session, WATCHING)] == [1]

"""运行状态: whether the statistics run on time, backups, what waits, sizes and versions."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from db.statistics import RunKind, RunStatus, StatisticsRun
from services import backups, clock, job_runs, page_times, statistics, storage, system_state
from services.job_runs import Turn
from services.permissions import SYSTEM
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import said
from web import background

PAGE = "system/status"


@pytest.fixture
def administrator() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ADMINISTRATOR)


def fail() -> None:
    with transaction() as session:
        run = StatisticsRun(started_by="系统", started_at=clock.now(), status=RunStatus.FAILED, error="OSError")
        run.kind = RunKind.CHANGES
        session.add(run)


def test_before_the_first_run_the_page_says_when_it_comes(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator)
    assert "十分钟内会自动进行第一次统计" in said(app)
    assert "还没有统计记录" in said(app)


def test_every_run_says_what_it_did(open_page: OpenPage, administrator: Account) -> None:
    run = statistics.recompute(transaction, SYSTEM)
    app = open_page(PAGE, administrator)
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["编号"], row["状态"], row["范围"], row["发起人"]) == (run, "已完成", "全部人员", "系统")
    assert "官方统计按时进行。" in said(app)
    due = clock.local(clock.now() + timedelta(hours=24))
    assert f":gray[下次统计]  \n{due:%Y-%m-%d}" in said(app).replace("\\", "")


def test_a_run_that_failed_is_marked_with_its_cause(open_page: OpenPage, administrator: Account) -> None:
    statistics.recompute(transaction, SYSTEM)
    fail()
    app = open_page(PAGE, administrator)
    assert "没有完成" in said(app)
    assert list(app.dataframe[0].value["中断原因"]) == ["OSError", ""]


def test_supervisors_are_told_that_figures_may_be_old(open_page: OpenPage, supervisor: Account) -> None:
    statistics.recompute(transaction, SYSTEM)
    assert not open_page("authority/requirements", supervisor).warning
    fail()
    assert "没有完成" in open_page("authority/requirements", supervisor).warning[0].value


def test_a_storage_that_does_not_tell_its_free_space_is_named(
    open_page: OpenPage, administrator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "free_space", lambda: None)
    assert "由对象存储管理" in said(open_page(PAGE, administrator))


def test_the_page_does_not_exist_for_others(open_page: OpenPage, supervisor: Account) -> None:
    with pytest.raises(ValueError, match="status"):
        open_page(PAGE, supervisor)


def test_the_page_asks_the_same_however_many_runs_there_were(
    open_page: OpenPage, administrator: Account, count_queries: CountQueries
) -> None:
    for _ in range(3):
        statistics.recompute(transaction, SYSTEM)
    app = open_page(PAGE, administrator)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 8, queries


def test_that_there_is_no_backup_is_said_with_what_to_do(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator)
    assert "python -m services backup" in said(app)
    assert "python -m services check-backup" in said(app)


def test_the_last_backup_is_named(open_page: OpenPage, administrator: Account, tmp_path: Path) -> None:
    backups.make(transaction, reading, tmp_path / "whole.tar", lambda _done, _total: None)
    app = open_page(PAGE, administrator)
    assert "python -m services backup。" not in said(app)
    assert "python -m services check-backup" in said(app)
    assert any("whole.tar" in text.value and "未加密" in text.value for text in app.text)


def test_that_the_last_backup_is_old_is_said(open_page: OpenPage, administrator: Account, tmp_path: Path) -> None:
    with clock.at(clock.now() - system_state.MADE_EVERY - timedelta(minutes=1)):
        backups.make(transaction, reading, tmp_path / "whole.tar", lambda _done, _total: None)
    assert "最近两天没有备份" in said(open_page(PAGE, administrator))


def table(app: AppTest, column: str) -> list[dict[str, object]]:
    """The rows of the first table that has this column."""
    found = next(frame.value for frame in app.dataframe if column in frame.value)
    return [dict(row) for row in found.to_dict("records")]


def test_the_jobs_are_told_with_their_last_and_next_turn_and_their_failure(
    open_page: OpenPage, administrator: Account
) -> None:
    started_at = clock.now()
    with transaction() as session:
        job_runs.note(session, Turn("seats", started_at, 1234, incident="ABCDEFGH"))
    rows = {row["任务"]: row for row in table(open_page(PAGE, administrator), "任务")}
    assert len(rows) == len(background.JOBS)
    seats, transfers = rows["培训班名额递补"], rows["人员调转生效"]
    assert (seats["用时（秒）"], seats["失败编号"]) == (1.23, "ABCDEFGH")
    assert seats["下次运行"] == f"{clock.local(started_at + timedelta(minutes=5)):%Y-%m-%d %H:%M}"
    assert (transfers["上次运行"], transfers["下次运行"]) == ("无", "即将进行")


def test_pages_are_told_by_their_titles_the_slowest_first(open_page: OpenPage, administrator: Account) -> None:
    empty = open_page(PAGE, administrator)
    assert "还没有用时记录" in said(empty)
    with transaction() as session:
        counted = {page_times.place("personal/home", 900): 3, page_times.place("/verify.json", 20): 1}
        page_times.store(session, counted)
    app = open_page(PAGE, administrator)
    assert [row["页面"] for row in table(app, "页面")] == ["首页 personal/home", "/verify.json"]
    assert "1 个页面的第 95 百分位超过 500 毫秒" in said(app)


def test_what_is_removed_and_what_is_kept_is_told(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator)
    assert "操作日志永久保留" in said(app)
    assert "还没有清理过" in said(app)
    background.run_once(next(job for job in background.JOBS if job.name == background.HOUSEKEEPING))
    app = open_page(PAGE, administrator)
    rows = {row["内容"]: row for row in table(app, "上次清理")}
    assert (rows["已结束的登录"]["保留"], rows["已结束的登录"]["上次清理"]) == ("30 天", 0)
    assert "上次清理时间" in said(app)
    assert "0 个，0\\.0 MB" in said(app)


def test_what_waits_is_told_with_its_age(open_page: OpenPage, administrator: Account) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        for status in (ClaimStatus.SUBMITTED, ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED, ClaimStatus.DRAFT):
            factories.create_claim(session, person, status=status)
    app = open_page(PAGE, administrator)
    rows = {row["事项"]: row["数量"] for row in table(app, "事项")}
    assert (rows["待单位审核的学时"], rows["待认定的学时"], rows["待审核的报名"]) == (2, 1, 0)


def test_the_database_is_named(open_page: OpenPage, administrator: Account, database: Engine) -> None:
    shown = {"sqlite": "SQLite 3", "postgresql": "PostgreSQL"}[database.dialect.name]
    assert shown in said(open_page(PAGE, administrator))

"""Imports of old systems' files as a whole: counted to the last row, resumed, never twice, undone without a trace."""

import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.accounts import Role
from db.events import Event
from db.legacy import LegacyImport, LegacyImportStatus, LegacyOutcome, LegacyPart, LegacyRow, LegacyTrial
from services import (
    clock,
    events,
    housekeeping,
    identity,
    legacy_access,
    legacy_imports,
    legacy_parts,
    legacy_report,
    legacy_undo,
)
from services.clock import now
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.legacy_undo import RowsElsewhere
from services.permissions import SYSTEM, Actor, Scope
from services.spreadsheet_refusals import NoRows
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import counts, imported, reasons, receive, received, rows, stored


@pytest.fixture
def analyst() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_account(session, Role.ANALYST))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_parts, "PART_ROWS", 3)


def how_many(table: type[Any]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_part_holds_no_more_than_a_process_can_hold_however_long_its_rows_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(legacy_parts, "PART_BYTES", 300)
    importing = received([*files.certificates(6), files.certificate(6, 审核状态="合格" * 1000)])
    assert how_many(LegacyPart) > 1
    done = legacy_imports.run(transaction, SYSTEM, importing.id)
    assert (importing.row_count, counts(done)) == (7, (6, 1, 0))


def test_a_header_that_an_old_program_has_filled_up_is_read() -> None:
    header = [f"{title}\0\0" for title in files.RECORD_HEADER]
    assert received([header, files.record(1)]).header == files.RECORD_HEADER


FAULTY = [
    *files.certificates(6),
    files.certificate(6, 年度="16"),
    files.certificate(2),
    files.certificate(3, 姓名="林别人"),
    files.certificate(7, 合计="70"),
]


@pytest.mark.usefixtures("small_parts")
def test_a_dry_run_finds_what_the_import_then_does_and_accepts_nothing(analyst: Actor) -> None:
    tried = legacy_imports.try_out(transaction, analyst, receive(files.text(FAULTY), analyst).id)
    assert (tried.status, counts(tried), tried.row_count) == (LegacyImportStatus.CHECKED, (6, 3, 1), 10)
    assert (rows(tried), how_many(LegacyTrial)) == ([], 0)
    found = reasons(tried)
    done = legacy_imports.run(transaction, analyst, tried.id)
    assert (done.status, counts(done)) == (LegacyImportStatus.IMPORTED, (6, 3, 1))
    assert reasons(done) == found
    assert found == {
        8: ["年度：应为 1985 年以来的四位年份，如 2016。"],
        10: ["证书编号已用于另一张证书（第 5 行），内容不同，请核对。"],
        11: ["各科目学时之和为 72.0，与学时 70.0 不符。"],
    }
    (duplicate,) = rows(done, LegacyOutcome.DUPLICATE)
    assert (duplicate.line, duplicate.duplicate_of_id) == (9, rows(done)[2].id)


def test_what_was_made_of_a_row_is_stored_and_its_number_is_not_to_be_read() -> None:
    done = imported([files.CERTIFICATE_HEADER, files.certificate(4)])
    (row,) = rows(done)
    number = factories.invented_id_number(100_004)
    assert (row.line, row.name, row.year, row.number) == (2, factories.invented_name(4), 2017, "粤继教20170000004")
    assert (row.hours, row.general, row.professional, row.elective) == tuple(map(Decimal, ("72", "18", "42", "12")))
    assert (row.employer, row.result, row.approved_on) == (files.EMPLOYERS[0], "合格", date(2017, 3, 5))
    assert (row.id_number_digest, row.id_number_masked) == (identity.digest(number), identity.mask(number))
    with reading() as session:
        (part,) = session.scalars(select(LegacyPart))
        (kept,) = legacy_parts.rows(session, done, 0, {2})
        assert list(kept.values) == files.certificate(4)
        assert number.encode() not in part.content
        with pytest.raises(zlib.error):
            zlib.decompress(part.content)


def test_records_have_their_hours_in_their_category() -> None:
    done = imported([files.RECORD_HEADER, files.record(1)])
    (row,) = rows(done)
    assert (row.category, row.hours, row.general, row.professional) == ("professional", Decimal(8), None, Decimal(8))
    assert (row.starts_on, row.title) == (date(2016, 2, 2), "创新驱动发展(第1期)".replace("(", "（").replace(")", "）"))


def test_the_same_file_again_adds_nothing() -> None:
    first = imported(FAULTY)
    again = received(FAULTY)
    assert (again.id, again.status) == (first.id, LegacyImportStatus.IMPORTED)
    assert (how_many(LegacyImport), how_many(LegacyRow)) == (1, 10)
    with pytest.raises(WrongStatus):
        legacy_imports.run(transaction, SYSTEM, again.id)


def test_the_same_rows_in_another_file_are_duplicates_of_the_first() -> None:
    first = imported(files.records(4))
    second = imported([*files.records(4), files.record(90)])
    assert counts(second) == (1, 0, 4)
    assert [row.duplicate_of_id for row in rows(second, LegacyOutcome.DUPLICATE)] == [row.id for row in rows(first)]


def test_two_systems_may_have_the_same_certificate_number() -> None:
    imported(files.certificates(2))
    assert counts(imported(files.certificates(2), system="市旧系统")) == (2, 0, 0)


def test_a_number_that_an_earlier_file_has_otherwise_is_told_with_that_file() -> None:
    imported(files.certificates(2))
    second = imported([files.CERTIFICATE_HEADER, files.certificate(1, 审核状态="不合格")])
    assert reasons(second) == {2: ["证书编号已用于另一张证书（以前导入的文件“旧数据.csv”第 3 行），内容不同，请核对。"]}


def test_an_import_is_undone_as_a_whole_and_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_undo, "BATCH", 3)
    first = imported(FAULTY)
    other = imported(files.certificates(2), system="市旧系统")
    legacy_undo.undo(transaction, SYSTEM, first.id)
    undone = stored(first)
    assert (undone.status, counts(undone)) == (LegacyImportStatus.UNDONE, (6, 3, 1))
    assert (how_many(LegacyRow), how_many(LegacyPart)) == (2, 1)
    assert len(rows(other)) == 2
    assert counts(imported(FAULTY)) == (6, 3, 1)
    with pytest.raises(WrongStatus):
        legacy_undo.undo(transaction, SYSTEM, first.id)


def test_an_import_that_another_one_leans_on_is_undone_after_it() -> None:
    first, second = imported(files.records(4)), imported([*files.records(4), files.record(90)])
    with pytest.raises(RowsElsewhere):
        legacy_undo.undo(transaction, SYSTEM, first.id)
    assert len(rows(first)) == 4
    legacy_undo.undo(transaction, SYSTEM, second.id)
    legacy_undo.undo(transaction, SYSTEM, first.id)
    assert how_many(LegacyRow) == 0


class PowerCut(BaseException):
    """What no service catches."""


@contextmanager
def failing_at(turn: int, module: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    turns, work = iter(range(100)), getattr(module, name)

    def cut(*arguments: Any) -> None:
        work(*arguments)
        if next(turns) == turn:
            raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(module, name, cut)
        yield


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("turn", [0, 1, 3])
def test_a_reception_that_broke_off_goes_on_with_the_same_file(turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with failing_at(turn, legacy_parts, "keep", monkeypatch), pytest.raises(PowerCut):
        received(FAULTY)
    whole = received(FAULTY)
    assert (whole.status, whole.row_count, how_many(LegacyPart)) == (LegacyImportStatus.RECEIVED, 10, 4)
    assert counts(legacy_imports.run(transaction, SYSTEM, whole.id)) == (6, 3, 1)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("turn", [0, 2, 3])
@pytest.mark.parametrize("work", [legacy_imports.try_out, legacy_imports.run])
def test_a_pass_that_broke_off_goes_on_where_it_stopped(work: Any, turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = received(FAULTY)
    with failing_at(turn, legacy_imports, "_store", monkeypatch), pytest.raises(PowerCut):
        work(transaction, SYSTEM, importing.id)
    halfway = stored(importing)
    assert (halfway.parts_done, sum(counts(halfway))) == (turn, 3 * turn)
    assert counts(work(transaction, SYSTEM, importing.id)) == (6, 3, 1)


@pytest.mark.usefixtures("small_parts")
def test_two_browsers_that_import_at_once_share_the_work() -> None:
    importing = received([*files.records(20), files.record(21, 学时="很多")])

    def click(_number: int) -> type[Exception] | None:
        try:
            legacy_imports.run(transaction, SYSTEM, importing.id)
        except WrongStatus as refusal:  # who comes late finds it finished
            return type(refusal)
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(click, range(2))) <= {None, WrongStatus}
    assert counts(stored(importing)) == (20, 1, 0)
    assert len(rows(importing)) == 20


def test_errors_are_taken_along_as_they_stood_and_that_is_noted(analyst: Actor) -> None:
    done = imported(FAULTY)
    with transaction() as session:
        legacy_report.take(session, analyst, done.id)
        taken = {row.line: list(row.values) for row in legacy_report.of_part(session, analyst, done.id, 0)}
    assert taken == {line: FAULTY[line - 1] for line in (8, 10, 11)}
    with reading() as session:
        (noted,) = session.scalars(select(Event).where(Event.action == "legacy_errors_take"))
        assert (noted.actor_id, noted.after) == (analyst.account_id, {"rows": 3})
        assert events.check_chain(session).intact


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_nobody_but_analysts_sees_or_changes_anything(role: Role) -> None:
    done = imported(files.records(1))
    stranger = Actor(1, "别人", scopes=(Scope(role),))
    with transaction() as session:
        for look in (legacy_access.list_, legacy_access.systems):
            with pytest.raises(PermissionDenied):
                look(session, stranger)
        for work in (legacy_access.get, legacy_access.rejections, legacy_report.take):
            with pytest.raises(PermissionDenied):
                work(session, stranger, done.id)
    for change in (legacy_imports.run, legacy_imports.try_out, legacy_undo.undo):
        with pytest.raises(PermissionDenied):
            change(transaction, stranger, done.id)
    with pytest.raises(PermissionDenied):
        receive(files.text(files.records(2)), stranger)


def test_an_import_that_is_not_there_is_not_found(analyst: Actor) -> None:
    with reading() as session, pytest.raises(NotFound):
        legacy_access.get(session, analyst, 10**6)


def test_files_that_nobody_imports_are_forgotten_in_time() -> None:
    unused = legacy_imports.try_out(transaction, SYSTEM, received(FAULTY).id)
    used = imported(files.records(2))
    with clock.at(now() + timedelta(days=8)):
        housekeeping.run_due(transaction)
    with reading() as session:
        assert session.get(LegacyImport, unused.id) is None
        assert {row.import_id for row in session.scalars(select(LegacyRow))} == {used.id}


def test_a_file_without_rows_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(NoRows):
        received([files.RECORD_HEADER])
    assert how_many(LegacyImport) == 0

"""What breaks beneath the application is told in a clear sentence, and leaves nothing half done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, Evidence
from db.events import Event
from db.people import Person
from db.statistics import StatisticsRun
from services import events
from services.permissions import SYSTEM
from tests import factories
from tests.browser.steps import button, choose_file, fill, press, sees, sign_in
from tests.deploy.installation import FAKETIME, Installation
from tests.deploy.seen import ask, chain_is_whole, draft, evidence_of, open_claim, scan, upload
from tests.object_storage import trouble

WRITERS = 4


class Load:
    """Writers that note what was acknowledged; each of their transactions stores a claim, its file and an event."""

    def __init__(self, person: Person) -> None:
        self.person, self.over = person, threading.Event()
        self.acknowledged, self.refused = set[int](), 0

    def write(self) -> None:
        while not self.over.is_set():
            try:
                with transaction() as session:
                    claim = factories.create_claim(session, self.person)
                    factories.create_evidence(session, claim)
                    events.record(session, SYSTEM, "claim_create", claim)
                self.acknowledged.add(claim.id)
            except DBAPIError:
                self.refused += 1
                self.over.wait(0.05)


@contextmanager
def under_load(person: Person) -> Iterator[Load]:
    load = Load(person)
    threads = [threading.Thread(target=load.write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.over.set()
        for thread in threads:
            thread.join()


def stored_of(person: Person) -> tuple[set[int], set[int], set[int]]:
    """The claims, those that have a file, and those that have an event."""
    with reading() as session:
        claims = set(session.scalars(select(Claim.id).where(Claim.person_id == person.id)))
        proven = set(session.scalars(select(Evidence.claim_id).where(Evidence.claim_id.in_(claims))))
        logged = select(Event.object_id).where(Event.object_type == "claim", Event.object_id.in_(claims))
        return claims, proven, set(session.scalars(logged))


def test_a_database_that_is_restarted_under_load_has_all_it_acknowledged_and_nothing_by_halves(
    installation: Installation, page: Page, owner: Account
) -> None:
    with transaction() as session:
        person = factories.create_person(session)
    sign_in(page, owner.username)
    claim = draft(owner, "数据库重启")
    open_claim(page, claim)
    page.get_by_text("点击修改").click()
    fill(page, 主办单位="重启前填写的单位")
    with under_load(person) as load:
        while len(load.acknowledged) < 2 * WRITERS:
            load.over.wait(0.05)
        installation.database.stop()
        before = len(load.acknowledged)
        assert {ask(process, "/health/ready", page)[0] for process in installation.processes} == {503}
        button(page, "保存基本信息").click()
        sees(page, "暂时无法访问数据库")
        installation.database.start()
        while len(load.acknowledged) < before + 2 * WRITERS:
            load.over.wait(0.05)
    claims, proven, logged = stored_of(person)
    assert load.refused
    assert load.acknowledged <= claims == proven == logged
    assert chain_is_whole()
    assert {ask(process, "/health/ready", page)[0] for process in installation.processes} == {200}
    open_claim(page, claim)  # still signed in
    page.get_by_text("点击修改").click()
    fill(page, 主办单位="重启后填写的单位")
    press(page, "保存基本信息", then="基本信息已保存")


def test_evidence_that_finds_no_room_is_refused_and_taken_once_there_is_some(
    installation: Installation, page: Page, owner: Account, tmp_path: Path
) -> None:
    sign_in(page, owner.username)
    claim = draft(owner, "存储已满")
    open_claim(page, claim)
    trouble.full = True
    choose_file(page, scan(tmp_path, claim.title), taken_in_by="附件材料上传")
    press(page, "附件材料上传", then="文件暂时无法保存或读取，请稍后再试")
    assert evidence_of(claim) == []
    trouble.full, trouble.delay = False, 1.5  # and slow, as full disks are
    upload(page, scan(tmp_path, claim.title))
    (file,) = evidence_of(claim)
    assert ask(installation.processes[0], f"/files/{file.id}", page)[0] == 200


def test_processes_whose_clocks_are_wrong_serve_the_same_users_and_do_no_work_twice(
    installation: Installation, page: Page, owner: Account, tmp_path: Path
) -> None:
    sign_in(page, owner.username)
    claim = draft(owner, "时钟不准")
    open_claim(page, claim)
    upload(page, scan(tmp_path, claim.title))
    (file,) = evidence_of(claim)
    with reading() as session:
        before = set(session.scalars(select(StatisticsRun.id)))
    wrong = [
        installation.another_process(LD_PRELOAD=str(FAKETIME), FAKETIME=jump, FAKETIME_DONT_FAKE_MONOTONIC="1")
        for jump in ("+20m", "-20m")
    ]
    try:
        for process in wrong:
            process.start()
        for process in wrong:
            process.wait()
        for process in [*wrong, *installation.processes]:
            assert ask(process, f"/files/{file.id}", page)[0] == 200
    finally:
        for process in wrong:
            process.stop()
    with reading() as session:
        assert set(session.scalars(select(StatisticsRun.id))) == before
    assert chain_is_whole()

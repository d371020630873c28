"""Several processes are one system: whoever is signed in, what he stored and who was thrown out is known to all."""

import hashlib
import time
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db import reading, transaction
from db.accounts import Account, AuthSession
from db.claims import Claim
from db.statistics import RunStatus, StatisticsRun
from services import sessions
from tests.browser.steps import field, fill, press, sign_in
from tests.deploy.installation import Installation
from tests.deploy.seen import ask, chain_is_whole, draft, evidence_of, open_claim, others, scan, serving, upload


def test_what_is_uploaded_to_one_process_is_read_from_the_other_until_the_session_ends(
    installation: Installation, page: Page, owner: Account, tmp_path: Path
) -> None:
    sign_in(page, owner.username)
    claim = draft(owner, "两台服务器")
    open_claim(page, claim)
    upload(page, scan(tmp_path, claim.title))
    (file,) = evidence_of(claim)
    (other,) = others(installation, page)
    status, content = ask(other, f"/files/{file.id}", page)
    assert (status, hashlib.sha256(content).hexdigest()) == (200, file.sha256)
    with transaction() as session:
        sessions.end_all(session, owner.id)
    assert {ask(process, f"/files/{file.id}", page)[0] for process in installation.processes} == {404}
    expect(field(page, "用户名")).to_be_visible()  # with the next heartbeat, without a click


def test_a_process_that_dies_takes_nothing_with_it_and_the_browser_comes_back_by_itself(
    installation: Installation, page: Page, owner: Account, tmp_path: Path
) -> None:
    sign_in(page, owner.username)
    claim = draft(owner, "还没有送审")
    open_claim(page, claim)
    page.get_by_text("点击修改").click()
    fill(page, 主办单位="还没有保存的单位")
    died = serving(installation, page)
    died.kill()
    press(page, "保存基本信息", then="基本信息已保存")
    assert serving(installation, page) is not died
    died.start()
    died.wait()
    upload(page, scan(tmp_path, claim.title))
    assert serving(installation, page) is not died
    with reading() as session:
        assert session.get_one(Claim, claim.id).organiser == "还没有保存的单位"
        alive = select(func.count()).select_from(AuthSession).where(AuthSession.account_id == owner.id)
        assert session.scalar(alive) == 1
    assert len(evidence_of(claim)) == 1
    assert chain_is_whole()


def test_the_statistics_run_once_however_many_processes_began_together(installation: Installation) -> None:
    end = time.monotonic() + 60
    finished: list[StatisticsRun] = []
    while not finished and time.monotonic() < end:
        with reading() as session:
            finished = list(session.scalars(select(StatisticsRun).where(StatisticsRun.status != RunStatus.RUNNING)))
        time.sleep(0.2)
    assert [(run.status, run.started_by) for run in finished] == [(RunStatus.FINISHED, "系统")]

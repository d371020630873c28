"""Several processes are one system: whoever is signed in, what he stored and who was thrown out is known to all."""

import hashlib
import re
import time
from http import HTTPStatus
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
from web.origin import LOOPBACK


def test_what_is_uploaded_to_one_process_is_read_from_the_other_until_the_session_ends(
    installation: Installation, page: Page, owner: Account, tmp_path: Path
) -> None:
    page.context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})  # somebody else's
    sign_in(page, owner.username)
    with reading() as session:
        assert session.scalars(select(AuthSession.address).where(AuthSession.account_id == owner.id)).all() == [
            LOOPBACK
        ]
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
    expect(page.locator("[data-test-connection-state='CONNECTED']")).to_have_count(0)
    expect(page.locator("[data-test-connection-state='CONNECTED']")).to_have_count(1)
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


def test_the_proxy_compresses_scripts_for_good_and_takes_large_bodies_only_where_files_are_sent(page: Page) -> None:
    ask_proxy = page.context.request
    shell = ask_proxy.get("/verify")
    (script,) = re.findall(r'src="\./(static/js/index[^"]+\.js)"', shell.text())
    for _ in range(2):
        answer = ask_proxy.get(f"/{script}", headers={"Accept-Encoding": "gzip"})
        assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
        assert "immutable" in answer.headers["cache-control"]
    assert shell.headers["cache-control"] == "no-store"
    assert "content-encoding" not in shell.headers
    large = bytes(100_000)
    assert ask_proxy.put("/verify", data=large).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert ask_proxy.put("/_stcore/upload_file/nobody/1", data=large).status == HTTPStatus.FORBIDDEN

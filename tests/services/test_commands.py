"""`python -m services COMMAND` as it is called: exit codes, what is printed, and one line when it goes wrong."""

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from db import reading, session, transaction
from db.accounts import Account, Role
from db.claims import Category, ClaimStatus
from db.dashboards import DashboardRun
from db.installation import Demo
from db.settings import PROJECT
from db.statistics import StatisticsRun
from services import clock, dashboard_run, demo, events, leases, passwords, proofs, statistics, unfinished_files
from services.commands import command_line, main
from services.permissions import SYSTEM
from services.proofs import Proof
from services.rules import Standing
from tests import factories, postgresql
from tests.database import KINDS, bound, new

COMMANDS = {"demo", "create-admin", "recompute", "import-legacy", "check-events", "create-ca", "verify-certificate"}
COMMANDS |= {"backup", "restore", "check-backup", "create-backup-key"}
ONE_TIME_PASSWORD = re.compile(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}")


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Against the database that the test is bound to, unless the settings name another."""
    url = session.engine.url.render_as_string(hide_password=False)
    environment = os.environ | {"HOURBOOK_DATABASE_URL": url, "PYTHONIOENCODING": "utf-8"} | settings
    command = [sys.executable, "-m", "services", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one clear line of a command that failed."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.no_database
def test_the_help_names_every_command_and_no_other() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert set(re.findall(r"^    ([a-z-]+)", done.stdout, re.MULTILINE)) == COMMANDS


@pytest.mark.no_database
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main([command, "--help"])
    assert f"services {command}" in capsys.readouterr().out


@pytest.mark.no_database
@pytest.mark.parametrize("arguments", [[], ["restore-everything"], ["create-admin"], ["recompute", "now"]])
def test_a_wrong_command_line_is_answered_with_its_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main(arguments)
    assert "usage:" in capsys.readouterr().err


@pytest.mark.no_database
def test_what_systemd_is_told_to_run_is_a_command() -> None:
    units = [path.read_text(encoding="utf-8") for path in (PROJECT / "deploy" / "systemd").glob("*.service")]
    given = [line.split() for unit in units for line in re.findall(r"^Exec.* -m services (.+)$", unit, re.MULTILINE)]
    assert given
    for arguments in given:
        assert command_line().parse_args(arguments).run


@pytest.mark.no_database
def test_settings_that_must_not_run_are_named() -> None:
    assert "HOURBOOK_TEST_CAPTCHA" in refused(run("recompute", HOURBOOK_ENV="test"))


@pytest.mark.no_database
def test_a_database_that_does_not_answer_is_named() -> None:
    nobody_there = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    assert "127.0.0.1" in refused(run("check-events", HOURBOOK_DATABASE_URL=nobody_there))


@pytest.mark.no_database
@pytest.mark.parametrize("kind", KINDS)
def test_a_command_first_brings_the_database_to_the_newest_migration(kind: str) -> None:
    with bound(session.make_engine(new(kind))):
        done = run("check-events")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_administrator_is_created_with_a_password_that_is_shown_once() -> None:
    done = run("create-admin", "chief")
    shown = ONE_TIME_PASSWORD.findall(done.stdout)
    with reading() as current:
        account = current.scalars(select(Account)).one()
        actor = factories.actor_of(current, account)
    assert done.returncode == 0
    assert len(shown) == 1
    assert passwords.matches(shown[0], account.password_hash)
    assert (account.username, account.must_change_password, set(actor.roles)) == ("chief", True, {Role.ADMINISTRATOR})


@pytest.mark.parametrize("username", ["x", "Robert'); DROP TABLE account", "440104199003070011"])
def test_a_user_name_that_cannot_be_is_refused(username: str) -> None:
    assert "用户名" in refused(run("create-admin", username))


def test_a_user_name_that_exists_is_refused() -> None:
    with transaction() as current:
        factories.create_account(current, username="chief")
    assert "不可用" in refused(run("create-admin", "chief"))


def test_recompute_says_what_changed() -> None:
    with transaction() as current:
        person = factories.create_person(current, employer=factories.create_employer(current))
        factories.create_claim(current, person, status=ClaimStatus.APPROVED)
    first, second = run("recompute"), run("recompute")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == "学时统计完成：1 人，1 条年度统计有变化。\n学时看板数据已更新。\n"
    assert second.stdout == "学时统计完成：1 人，0 条年度统计有变化。\n学时看板数据已更新。\n"


def test_recompute_leaves_the_dashboards_to_a_process_that_is_at_them() -> None:
    with transaction() as current:
        assert leases.acquire(current, dashboard_run.LEASE, "another process", timedelta(minutes=10))
    done = run("recompute")
    assert (done.returncode, done.stdout.splitlines()[1:]) == (0, ["学时看板数据正由另一个进程更新。"])


def test_recompute_refuses_while_another_process_computes() -> None:
    with transaction() as current:
        assert leases.acquire(current, statistics.LEASE, "another process", timedelta(minutes=10))
    assert "正在进行" in refused(run("recompute"))
    with reading() as current:
        assert current.scalar(select(func.count()).select_from(StatisticsRun)) == 0


def test_a_whole_chain_is_proved() -> None:
    write_events(3)
    done = run("check-events")
    assert done.returncode == 0
    assert "3 条" in done.stdout


def test_the_first_broken_link_is_named(database: Engine) -> None:
    write_events(5)
    forge(database, "UPDATE event SET actor_name = '别人' WHERE id IN (3, 4)")
    assert "第 3 条" in refused(run("check-events"))


def test_events_missing_at_the_end_are_noticed(database: Engine) -> None:
    write_events(5)
    forge(database, "DELETE FROM event WHERE id = 5")
    assert "第 5 条" in refused(run("check-events"))


def write_events(count: int) -> None:
    with transaction() as current:
        account = factories.create_account(current)
        for number in range(count):
            events.record(current, SYSTEM, "account_test", account, after={"number": number})


def forge(database: Engine, statement: str) -> None:
    """As somebody who owns the database could."""
    url = database.url.render_as_string(hide_password=False)
    if database.dialect.name == "sqlite":
        names = ("event_is_not_changed", "event_is_not_deleted")
        postgresql.execute(url, *(f"DROP TRIGGER {name}" for name in names), statement)
    else:
        postgresql.execute(url, "SET session_replication_role = replica", statement)


def test_the_demo_is_loaded_once_and_its_accounts_are_printed_every_time(tmp_path: Path) -> None:
    storage = {"HOURBOOK_STORAGE_URL": tmp_path.as_uri()}
    first = run("demo", **storage)
    with reading() as current:
        people = current.scalars(select(Account.id)).all()
        assert demo.is_demo(current)
        assert current.scalar(select(DashboardRun.finished_at)) is not None
    second = run("demo", **storage)
    with reading() as current:
        assert current.scalars(select(Account.id)).all() == people
    assert (first.returncode, first.stderr) == (0, "")
    assert (second.returncode, second.stderr) == (0, "")
    for done in (first, second):
        assert demo.PASSWORD in done.stdout
        assert set(demo.ACCOUNTS) <= set(done.stdout.split())
    assert "已经装入" in second.stdout


def test_the_demo_refuses_a_database_that_holds_something_else() -> None:
    with transaction() as current:
        factories.create_account(current)
    assert "空的数据库" in refused(run("demo"))
    with reading() as current:
        assert current.scalar(select(func.count()).select_from(Account)) == 1


def test_the_demo_command_leaves_a_demo_as_it_is() -> None:
    with transaction() as current:
        current.add(Demo(loaded_at=clock.now()))
        factories.create_account(current, username="somebody")
    done = run("demo")
    assert done.returncode == 0
    assert "演示账号" in done.stdout


@pytest.mark.no_database
def test_a_certificates_qr_code_is_checked_without_a_database(tmp_path: Path) -> None:
    nowhere = {"HOURBOOK_DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}", "HOURBOOK_DATA_DIR": str(tmp_path)}
    hours = [Standing(category, Decimal(30), Decimal("45.5")) for category in Category]
    text = proofs.write(Proof("44010020260000017", "林*夏", date(2026, 11, 2), hours))
    done = run("verify-certificate", f"https://hours.example.org/verify?code={text}", **nowhere)
    assert done.returncode == 0
    for said in ("44010020260000017", "2026", "林*夏", "专业科目 完成 45.5 / 规定 30 学时"):
        assert said in done.stdout
    edited = text[:10] + ("0" if text[10] != "0" else "1") + text[11:]
    assert "内容被改动过" in refused(run("verify-certificate", edited, **nowhere))
    assert "不是二维码" in refused(run("verify-certificate", "44010020260000017", **nowhere))
    without = nowhere | {"HOURBOOK_SIGNING_DIR": str(tmp_path / "none")}
    assert "没有公钥" in refused(run("verify-certificate", text, **without))


@pytest.mark.no_database
def test_the_authority_is_made_once(tmp_path: Path) -> None:
    elsewhere = {
        "HOURBOOK_SIGNING_DIR": str(tmp_path / "signing"),
        "HOURBOOK_DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
    }
    done = run("create-ca", **elsewhere)
    assert (done.returncode, str(tmp_path / "signing") in done.stdout) == (0, True)
    before = (tmp_path / "signing" / "ca.pem").read_bytes()
    assert "已有密钥" in refused(run("create-ca", **elsewhere))
    assert (tmp_path / "signing" / "ca.pem").read_bytes() == before


def test_what_is_backed_up_is_restored_into_an_empty_database(database: Engine, tmp_path: Path) -> None:
    write_events(3)
    file, key, storage = tmp_path / "all.tar.age", tmp_path / "key", {"HOURBOOK_STORAGE_URL": tmp_path.as_uri()}
    public = run("create-backup-key", str(key)).stdout.splitlines()[0].partition("=")[2]
    encrypted = {"HOURBOOK_BACKUP_KEY": public} | storage
    done = run("backup", "--to", str(file), **encrypted)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(file) in done.stdout
    assert "未加密" not in done.stdout
    assert "--key" in refused(run("restore", str(file), **storage))
    proven = run("check-backup", str(file), "--key", str(key), **storage)
    assert (proven.returncode, proven.stderr) == (0, "")
    assert "可以恢复" in proven.stdout
    empty = {"HOURBOOK_DATABASE_URL": new(database.dialect.name)} | storage
    restored = run("restore", str(file), "--key", str(key), **empty)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert run("check-events", **empty).returncode == 0
    assert "空的数据库" in refused(run("restore", str(file), "--key", str(key), **empty))


def test_a_backup_that_cannot_be_written_or_read_says_so(tmp_path: Path) -> None:
    assert "File exists" in refused(run("backup", "--to", f"{__file__}/all.tar"))
    assert "No such file" in refused(run("restore", str(tmp_path / "none")))
    (tmp_path / "torn").write_bytes(b"no backup")
    assert "损坏" in refused(run("check-backup", str(tmp_path / "torn")))


def test_a_backup_goes_into_the_data_folder_by_itself(tmp_path: Path) -> None:
    done = run("backup", HOURBOOK_DATA_DIR=str(tmp_path), HOURBOOK_STORAGE_URL=tmp_path.as_uri())
    assert done.returncode == 0
    assert len(list((tmp_path / "backups").glob("hourbook-*.tar"))) == 1


@pytest.mark.no_database
def test_a_check_of_a_backup_that_was_killed_leaves_nobodys_data_for_long(tmp_path: Path) -> None:
    """The folder into which it restores is removed by the next one, unless that one may still be at work."""
    own = {"HOURBOOK_DATA_DIR": str(tmp_path), "HOURBOOK_DATABASE_URL": f"sqlite:///{tmp_path}/hourbook.db"}
    assert run("backup", "--to", str(tmp_path / "all.tar"), **own).returncode == 0
    for name, age in (("dead", timedelta(hours=25)), ("alive", timedelta(hours=23))):
        folder = tmp_path / f"{unfinished_files.PREFIX}{name}"
        (folder / "evidence").mkdir(parents=True)
        (folder / "hourbook.db").touch()
        os.utime(folder, ((clock.now() - age).timestamp(),) * 2)
    assert run("check-backup", str(tmp_path / "all.tar"), **own).returncode == 0
    assert [path.name for path in tmp_path.glob(".*")] == [f"{unfinished_files.PREFIX}alive"]

"""`demo`: loads the demo pilot and prints its accounts."""

from argparse import Namespace

from db import migrate, reading, transaction
from services import dashboard_run, demo, forecast_run
from services.commands import progress
from services.commands.command import Command
from services.demo import pilot
from services.permissions import SYSTEM


def run(_arguments: Namespace) -> None:
    migrate.upgrade()
    with reading() as session:
        is_there = demo.is_demo(session)
    if is_there:
        print("演示数据已经装入。")
    else:
        _load()
    _print_accounts()


def _load() -> None:
    with progress.bar("装入演示数据") as show, transaction() as session:
        pilot.load(session, show)
    forecast_run.make(reading, transaction)
    dashboard_run.make(reading, transaction, SYSTEM)
    print("演示数据已装入。")


def _print_accounts() -> None:
    print(f"演示账号（密码均为 {demo.PASSWORD}）：")
    for username, role in demo.ACCOUNTS.items():
        print(f"  {username:<15}{role}")


COMMAND = Command("demo", "load the demo pilot into an empty database and print its accounts", run)

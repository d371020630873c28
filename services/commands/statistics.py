"""`recompute`: brings the official hours of everybody, and the dashboards made of them, up to date now."""

from argparse import Namespace

from db import migrate, reading, transaction
from db.statistics import StatisticsRun
from services import dashboard_run, statistics
from services.commands import progress
from services.commands.command import Command
from services.permissions import SYSTEM


def run(_arguments: Namespace) -> None:
    migrate.upgrade()
    with progress.bar("学时统计") as show:
        run_id = statistics.recompute(transaction, SYSTEM, on_progress=lambda now: show(now.reached, now.goal))
    with reading() as session:
        finished = session.get_one(StatisticsRun, run_id)
    print(f"学时统计完成：{finished.people} 人，{finished.rows_changed} 条年度统计有变化。")
    _show_them()


def _show_them() -> None:
    """The running application may have been faster."""
    try:
        with progress.bar("学时看板") as show:
            dashboard_run.make(reading, transaction, SYSTEM, on_progress=show)
        print("学时看板数据已更新。")
    except dashboard_run.DashboardBeingMade:
        print("学时看板数据正由另一个进程更新。")


COMMAND = Command("recompute", "compute the official hours of everybody and the dashboards now", run)

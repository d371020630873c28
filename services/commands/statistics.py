"""`recompute`: brings the official hours of everybody up to date now."""

from argparse import Namespace

from db import migrate, reading, transaction
from db.statistics import StatisticsRun
from services import statistics
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


COMMAND = Command("recompute", "compute the official hours of everybody now", run)

"""`check-events`: proves that no event was changed, removed or put in between."""

from argparse import Namespace

from db import migrate, reading
from services import events
from services.commands.command import Command, CommandFailed


def run(_arguments: Namespace) -> None:
    migrate.upgrade()
    with reading() as session:
        check = events.check_chain(session)
    if not check.intact:
        raise CommandFailed(f"操作日志的链在第 {check.broken_id} 条断开；之前的 {check.events} 条完好。")
    print(f"操作日志完好：{check.events} 条，最后一条的摘要为 {check.head}")


COMMAND = Command("check-events", "prove the chain of events, or name the first broken link", run)

"""What each job of the application did last, in whichever process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.dialects import insert_or_update
from db.operations import JobRun
from services.permissions import Actor, Permission, require

# What a job has to say of its turn: numbers by their codes.
Report = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a job: `incident` if it failed, `report` if it was for this one to do the work."""

    name: str
    started_at: datetime
    milliseconds: int
    incident: str = ""
    report: Report | None = None


def note(session: Session, turn: Turn) -> None:
    """An earlier failure and an earlier report stay known."""
    said: dict[str, object] = {"started_at": turn.started_at, "milliseconds": turn.milliseconds}
    if turn.incident:
        said |= {"failed_at": turn.started_at, "incident": turn.incident}
    if turn.report is not None:
        said |= {"reported_at": turn.started_at, "report": dict(turn.report)}
    first = insert_or_update(session, JobRun).values({"name": turn.name, "incident": "", **said})
    session.execute(first.on_conflict_do_update(index_elements=["name"], set_=said))


def list_runs(session: Session, actor: Actor) -> Mapping[str, JobRun]:
    """By the name of the job; one that never had its turn is not there."""
    require(actor, Permission.SYSTEM_WATCH)
    return {run.name: run for run in session.scalars(select(JobRun))}

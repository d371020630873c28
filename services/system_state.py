"""How the installation is: its backups, what waits and for how long, its size and its versions."""

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from db import migrate
from db.backups import BackupKind, BackupRun
from db.claims import Claim, ClaimStatus
from db.enrolments import Enrolment, EnrolmentStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus
from services import storage
from services.clock import now
from services.permissions import Actor, Permission, require

# The release of the server, and how many bytes the database takes.
SERVERS = {
    "sqlite": ("SQLite", "SELECT sqlite_version(), page_count * page_size FROM pragma_page_count, pragma_page_size"),
    "postgresql": (
        "PostgreSQL",
        "SELECT current_setting('server_version'), pg_database_size(current_database())",
    ),
}
# A backup a day is usual; one that was never restored proves nothing.
MADE_EVERY, PROVEN_EVERY = timedelta(days=2), timedelta(days=90)


class Queue(StrEnum):
    """What waits for somebody's decision."""

    CLAIMS = "claims"
    RECOGNITION = "recognition"
    STAFF = "staff"
    ENROLMENTS = "enrolments"
    ORGANISATIONS = "organisations"


class Care(StrEnum):
    """What an administrator has to see to about backups."""

    MAKE = "make"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`oldest` is since when the first of them waits."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """`database_size` and `free` space for files are bytes, `revision` is that of the tables.

    `free` is None where the storage does not say.
    """

    backups: dict[BackupKind, BackupRun]
    care: list[Care]
    queues: dict[Queue, Waiting]
    database: str
    database_size: int
    free: int | None
    python: str
    streamlit: str
    revision: str


QUEUES: dict[Queue, tuple[ColumnElement[bool], InstrumentedAttribute[Any]]] = {
    Queue.CLAIMS: (Claim.status == ClaimStatus.SUBMITTED, Claim.submitted_at),
    Queue.RECOGNITION: (Claim.status == ClaimStatus.ENDORSED, Claim.endorsed_at),
    Queue.STAFF: (Binding.status == BindingStatus.REQUESTED, Binding.requested_at),
    Queue.ENROLMENTS: (Enrolment.status == EnrolmentStatus.APPLIED, Enrolment.applied_at),
    Queue.ORGANISATIONS: (Organisation.status == OrganisationStatus.APPLIED, Organisation.applied_at),
}


def state(session: Session, actor: Actor) -> State:
    require(actor, Permission.SYSTEM_WATCH)
    name, asked = SERVERS[session.get_bind().dialect.name]
    release, size = session.execute(text(asked)).one()
    backups = _last_backups(session)
    return State(
        backups=backups,
        care=_care(backups),
        queues=_queues(session),
        database=f"{name} {release}",
        database_size=size,
        free=storage.free_space(),
        python=platform.python_version(),
        streamlit=version("streamlit"),
        revision=migrate.HEAD,
    )


def _last_backups(session: Session) -> dict[BackupKind, BackupRun]:
    newest = select(func.max(BackupRun.id)).group_by(BackupRun.kind)
    return {run.kind: run for run in session.scalars(select(BackupRun).where(BackupRun.id.in_(newest)))}


def _care(backups: dict[BackupKind, BackupRun]) -> list[Care]:
    limits = {Care.MAKE: (BackupKind.MADE, MADE_EVERY), Care.PROVE: (BackupKind.PROVEN, PROVEN_EVERY)}
    return [
        care
        for care, (kind, limit) in limits.items()
        if kind not in backups or backups[kind].finished_at < now() - limit
    ]


def _queues(session: Session) -> dict[Queue, Waiting]:
    """In one query."""
    wanted = [
        select(figure).where(condition).scalar_subquery()
        for condition, since in QUEUES.values()
        for figure in (func.count(since), func.min(since))
    ]
    found = iter(session.execute(select(*wanted)).one())
    return {queue: Waiting(next(found), next(found)) for queue in QUEUES}

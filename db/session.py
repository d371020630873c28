"""The engine of this process and the two ways to use it: `transaction()` changes, `reading()` reads."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from db.events import seal
from db.settings import settings

# What is acknowledged must survive a power cut, hence FULL although WAL would be consistent with less.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "cache_size=-32000")


def make_engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        _keep_to_ourselves(Path(database))
    engine = create_engine(url, pool_size=10, max_overflow=40)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_to_ourselves(file: Path) -> None:
    """SQLite gives its other files the mode of this one; those of an older installation get it now."""
    file.touch(mode=0o600)
    for each in (file, *(file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm"))):
        if each.exists() and each.stat().st_mode & 0o077:
            each.chmod(0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's own transaction control would begin late and without IMMEDIATE.
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that means to write takes the lock at once: an upgrade in the middle could only fail.
    writes = not connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class ReadingSession(Session):
    """A session that cannot flush."""


@event.listens_for(ReadingSession, "before_flush")
def _refuse_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("reading() does not write; use transaction()")


def _for_reading(of: Engine) -> Engine:
    """PostgreSQL would otherwise show each statement the newest commits, so that two of them could disagree."""
    if of.dialect.name == "postgresql":
        return of.execution_options(reads_only=True, isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return of.execution_options(reads_only=True)


engine = make_engine(settings().database_url)
_writing = sessionmaker(engine, expire_on_commit=False)
_reading = sessionmaker(_for_reading(engine), class_=ReadingSession, expire_on_commit=False)


def bind(new_engine: Engine) -> None:
    """Point this process at another database (a restore, a test)."""
    global engine
    engine = new_engine
    _writing.configure(bind=new_engine)
    _reading.configure(bind=_for_reading(new_engine))


# `transaction` as it is handed to a service that needs several of them.
UnitOfWork = Callable[[], AbstractContextManager[Session]]


class Recorded(Exception):
    """A refusal that leaves something behind, such as a counted try: the transaction is stored, then it is raised.

    For services that have changed nothing else by then.
    """


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: all of it is stored together with its events, or nothing."""
    recorded: Recorded | None = None
    with _writing.begin() as session:
        try:
            yield session
        except Recorded as refusal:
            recorded = refusal
        seal(session)
    if recorded is not None:
        raise recorded


@contextmanager
def reading() -> Iterator[Session]:
    """A consistent look at the data; a change made inside is a mistake and refused."""
    with _reading() as session:
        yield session

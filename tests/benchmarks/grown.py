"""An installation with so many people, filled set by set.

Everybody has twelve claims over three years with their steps, an event each, files, enrolments and a certificate. One
of twenty works for the largest employer, has sat in its own classes and waits for an open one; the others work fifty to
an employer in all counties of a province and learn two hundred to a class. One county has one small employer only.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.schema import CreateIndex

from db import Base, migrate, session, transaction
from db.claims import ClaimStatus
from db.enrolments import Attendance
from db.organisations import Organisation, OrganisationKind
from services import divisions
from tests import certificates, classes, factories
from tests.benchmarks.grown_columns import LARGEST_PROVIDER, PROVINCE, QUIET, Rows, Sizes

ID_NUMBER = factories.invented_id_number(1)
SERIES = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT {0} UNION ALL SELECT n + 1 FROM numbers WHERE n < {1})",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series({0}, {1}))",
}
# What fills a new SQLite file fast; the application's own settings come back with its next connection.
FAST = {
    "sqlite": (
        "PRAGMA foreign_keys=OFF",
        "PRAGMA ignore_check_constraints=ON",
        "PRAGMA journal_mode=OFF",
        "PRAGMA synchronous=OFF",
        "PRAGMA cache_size=-1000000",
    ),
    "postgresql": ("SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'"),
}
# What follows from the rows that are there, in this order.
DERIVED = (
    ("class_division", "SELECT id, '{province}' FROM course_class WHERE id > 1"),
    (
        "attendance",
        "SELECT enrolment.id, 2 * class_id - half.n, true FROM enrolment"
        " CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) AS half WHERE status = 'completed'",
    ),
    (
        "claim_step (claim_id, at, actor_name, action, to_status, opinion, hours)",
        "SELECT id, submitted_at, '林知夏', 'submit', 'submitted', '', hours_claimed FROM claim"
        " WHERE submitted_at IS NOT NULL",
    ),
    (
        "claim_step (claim_id, at, actor_name, action, to_status, opinion, hours)",
        "SELECT id, decided_at, '温如玉', 'approve', status, opinion, hours_awarded FROM claim"
        " WHERE decided_at IS NOT NULL",
    ),
    (
        "evidence (claim_id, uploaded_at, file_name, media_type, size, sha256, original_sha256)",
        "SELECT id, created_at, '结业证明.pdf', 'application/pdf', 500000, {digest}, {digest} FROM claim"
        " WHERE source = 'person' AND id % 2 = 1",
    ),
    ("claim_flag (claim_id, kind)", "SELECT id, 'unusual_hours' FROM claim WHERE id % 20 = 0"),
    (
        "event (id, at, actor_id, actor_name, action, object_type, object_id, before, after, address, previous_hash,"
        " hash)",
        "SELECT id, coalesce(decided_at, created_at), person_id, '林知夏', 'claim_approve', 'claim', id,"
        """ '{{"status": "submitted"}}', '{{"status": "approved", "hours": "12.0", "opinion": ""}}', '203.0.113.7',"""
        " {digest}, {digest} FROM claim ORDER BY id",
    ),
)
FILLED_FROM_ROWS = ("attendance", "claim_step", "evidence", "claim_flag", "event")
HEAD = "UPDATE event_head SET last_event_id = (SELECT max(id) FROM event), hash = (SELECT max(hash) FROM event)"


def fill(kind: str, people: int) -> None:
    """The empty database that this process is bound to."""
    sizes = Sizes(people, kind)
    migrate.upgrade()
    create_first_rows()
    create_organisations(sizes)
    with session.engine.connect() as connection:
        # Before the transaction begins, inside of which SQLite does not listen to them.
        for setting in FAST[kind]:
            connection.connection.cursor().execute(setting)
        with indexes_made_afterwards(connection, [*sizes.tables, *FILLED_FROM_ROWS]):
            for table, rows in sizes.tables.items():
                multiply(connection, table, rows)
            for target, source in DERIVED:
                derived = source.format(province=PROVINCE, digest=sizes.digest("id"))
                connection.execute(text(f"INSERT INTO {target} {derived}"))
        connection.execute(text(HEAD))
        connection.commit()
    # The settings above end with their connection.
    session.engine.dispose()
    if kind == "postgresql":  # which does it by itself in time; SQLite has no statistics in the application either
        with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def create_first_rows() -> None:
    """One of each table, which all others are made like."""
    with transaction() as current:
        employer, provider = factories.create_employer(current), classes.create_provider(current)
        person = factories.create_person(current, employer=employer, id_number=ID_NUMBER)
        factories.create_claim(current, person, status=ClaimStatus.APPROVED)
        open_class = classes.create_class(current, provider, days=1, divisions=(PROVINCE,))
        enrolment = classes.create_enrolment(current, open_class, person, employer=employer)
        first = open_class.sessions[0]
        current.add(Attendance(enrolment_id=enrolment.id, session_id=first.id, present=True))
        certificates.create_certificate(current, person)


def create_organisations(sizes: Sizes) -> None:
    """The providers after the largest, then the employers after the largest."""
    counties = [each.code for each in divisions.subtree(PROVINCE) if each.level > 2 and each.code != QUIET]
    with transaction() as current:
        pattern = current.get_one(Organisation, 1)
        same = {name: getattr(pattern, name) for name in ("contact_name", "contact_phone", "status", "applied_at")}
        last = sizes.first_employer + sizes.employers - 1
        rows = [
            {
                "id": number,
                "uscc": factories.invented_uscc(number + 100),
                "name": f"晴川第{number}设计院",
                "kind": OrganisationKind.PROVIDER if number < sizes.first_employer else OrganisationKind.EMPLOYER,
                "division": QUIET if number == last else counties[number % len(counties)],
                "version": 1,
                **same,
            }
            for number in range(LARGEST_PROVIDER + 1, last + 1)
        ]
        current.execute(insert(Organisation), rows)


@contextmanager
def indexes_made_afterwards(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Sorting all rows once is many times faster than putting each into its place."""
    there = inspect(connection)
    made = [
        index
        for name in dict.fromkeys(tables)
        for index in Base.metadata.tables[name].indexes
        if index.name in {each["name"] for each in there.get_indexes(name)}
    ]
    for index in made:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    for index in made:
        connection.execute(CreateIndex(index))


def multiply(connection: Connection, table: str, rows: Rows) -> None:
    """Rows 2 to the last, like the first one of the table but for what is said of them."""
    wanted = {"id": "n", **rows.columns}
    names = [column.name for column in Base.metadata.tables[table].columns]
    values = [wanted.get(name, f"pattern.{name}") for name in names]
    source = "numbers"
    for name, said in rows.facts.items():
        source = f"(SELECT facts.*, {said} AS {name} FROM {source} AS facts)"
    series = SERIES[connection.dialect.name].format(2, rows.last)
    chosen = f"SELECT {', '.join(values)} FROM {source} AS facts CROSS JOIN {table} AS pattern WHERE pattern.id = 1"
    connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) {series} {chosen}"))

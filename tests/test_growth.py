"""What a page costs does not grow with the number of people, counted in steps of SQLite's virtual machine."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import session, transaction
from db.session import ReadingSession
from services import statistics, summaries
from services.permissions import SYSTEM
from tests.benchmarks import grown, grown_pages
from tests.benchmarks.grown_columns import Sizes
from tests.database import bound

# Whoever is in the middle has as many claims of each status at both sizes.
FEW, MANY = 400, 4_400
# A part of a name is looked for among the names of all employers.
SEARCHES = {"选择单位"}
# Not those whose first page is not even full with so few people.
LISTS = {
    "province: 学时认定, approved",
    "province: 学时认定, approved, next",
    "province: 学时认定, approved, an employer",
    "province: 培训班监管",
    "small county: 学时认定, approved",
    "small county: 学时认定, approved, next",
    "small county: 查找人员, by ID number",
    "账号管理",
    "操作日志",
    "操作日志, of somebody",
    "操作日志, of nobody",
    "操作日志, an action",
    "操作日志, one object",
    "操作日志, a kind of object",
    "操作日志, a week",
    "操作日志, months long ago",
}
PAGES = sorted(LISTS | grown_pages.of_person(1).keys() - SEARCHES)


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[int, Engine]]:
    folder = tmp_path_factory.mktemp("growth")
    engines = {people: filled(folder / f"{people}.db", people) for people in (FEW, MANY)}
    yield engines
    for engine in engines.values():
        engine.dispose()


def filled(file: Path, people: int) -> Engine:
    with bound(session.make_engine(f"sqlite:///{file}")):
        grown.fill("sqlite", people)
        statistics.recompute(transaction, SYSTEM)
    return session.make_engine(f"sqlite:///{file}").execution_options(reads_only=True)


def steps(engine: Engine, look: Callable[[Session], object]) -> int:
    """How many instructions SQLite carries out, whatever else the machine does."""
    taken = 0

    def note() -> int:
        nonlocal taken
        taken += 1
        return 0

    with ReadingSession(engine) as current:
        connection = current.connection().connection.driver_connection
        assert connection is not None
        connection.set_progress_handler(note, 1)
        look(current)
        connection.set_progress_handler(None, 1)
    return taken


@pytest.mark.parametrize("page", PAGES)
def test_ten_times_the_people_make_a_page_no_dearer(installations: Mapping[int, Engine], page: str) -> None:
    few, many = (
        steps(engine, grown_pages.all_of(Sizes(people, "sqlite"))[page]) for people, engine in installations.items()
    )
    assert 0 < many < 1.5 * few + 500, f"{few:,} steps with {FEW:,} people, {many:,} with {MANY:,}"


def test_the_official_hours_of_a_few_are_added_up_without_a_look_at_everybodys(
    installations: Mapping[int, Engine],
) -> None:
    few, many = (added_up(engine, 20) for engine in installations.values())
    assert 0 < many < 1.5 * few


def test_a_run_of_the_statistics_costs_as_much_for_each_person(installations: Mapping[int, Engine]) -> None:
    few, many = (added_up(engine, people) / people for people, engine in installations.items())
    assert 0 < many < 1.5 * few


def added_up(engine: Engine, people: int) -> int:
    """Steps for the first so many people, whose summaries stand already."""
    with bound(session.make_engine(str(engine.url))) as writing:
        return steps(writing, lambda current: summaries.recompute(current, 1, summaries.numbered(0, people)))


def test_what_is_measured_is_there(installations: Mapping[int, Engine]) -> None:
    with ReadingSession(installations[FEW]) as current:
        pages = grown_pages.all_of(Sizes(FEW, "sqlite"))
        assert len(pages["操作日志"](current)) == 50  # type: ignore[arg-type]
        assert len(pages["province: 学时认定, approved"](current)) == 50  # type: ignore[arg-type]
        assert len(pages["small county: 学时认定, approved"](current)) > 0  # type: ignore[arg-type]
        assert len(pages["small county: 查找人员, by ID number"](current)) == 0  # type: ignore[arg-type]
        assert len(pages["province: 查找人员, by ID number"](current)) == 1  # type: ignore[arg-type]


def test_the_rows_of_a_grown_installation_hold_what_the_database_checks(installations: Mapping[int, Engine]) -> None:
    with installations[MANY].connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []

"""Looking for similar names: `python -m tests.benchmarks.resemblances --organisations 100000 [--postgresql]`.

All of them are of one kind in one city, which is the worst case. A registration looks twice; target: at most 20 ms of
CPU for a look, whether there are a thousand or a hundred thousand.
"""

import argparse
import shutil
from collections.abc import Iterator
from random import Random

from tests.benchmarks.statistics import FOLDER, cpu  # before everything that reads the settings

# isort: split
from sqlalchemy import insert

from db import migrate, reading, session, transaction
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.resemblances import NameGram
from services import organisation_names, resemblances
from services.clock import now
from tests import postgresql
from tests.factories import invented_uscc

TARGET = 20
COUNTIES = ("440103", "440104", "440105", "440106", "440111", "440112", "440113")
SYLLABLES = "晴川明月清和望舒景行若谷怀瑾思齐予安嘉木云起知夏长青远航宏图德润华泰永盛天成博雅恒信瑞祥东方新海南山金石"
# The first ones are as frequent as in a real register.
TRADES = ("科技", "贸易", "科技", "建筑工程", "信息技术", "商贸", "文化传播", "物业管理", "桥隧设计", "中学", "小学")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "")
BATCH, LOOKS = 2000, 300


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--organisations", type=int, default=100_000)
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    kind = "postgresql" if arguments.postgresql else "sqlite"
    url = f"sqlite:///{FOLDER / 'names.db'}"
    if kind == "postgresql":
        url = postgresql.create_database(postgresql.server_url(FOLDER), "names")
    session.bind(session.make_engine(url))
    try:
        migrate.upgrade()
        fill(arguments.organisations)
        measure(kind, arguments.organisations)
    finally:
        session.engine.dispose()
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER, ignore_errors=True)


def name(dice: Random) -> str:
    brand = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3, 4))))
    return f"{dice.choice(('广州', '广州市', '', ''))}{brand}{dice.choice(TRADES)}{dice.choice(FORMS)}"


def fill(organisations: int) -> None:
    for start in range(1, organisations + 1, BATCH):
        rows = list(applications(range(start, min(start + BATCH, organisations + 1))))
        grams = [
            {"gram": gram, "kind": row["kind"], "division": row["division"], "organisation_id": row["id"]}
            for row in rows
            for gram in organisation_names.essence(str(row["name"]), str(row["division"])).grams
        ]
        with transaction() as current:
            current.execute(insert(Organisation), rows)
            current.execute(insert(NameGram), grams)
    with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def applications(numbers: range) -> Iterator[dict[str, object]]:
    for number in numbers:
        dice = Random(number)
        yield {
            "id": number,
            "uscc": invented_uscc(number),
            "name": name(dice),
            "kind": OrganisationKind.EMPLOYER,
            "division": dice.choice(COUNTIES),
            "contact_name": "林知夏",
            "contact_phone": "020-80000000",
            "status": OrganisationStatus.APPROVED,
            "opinion": "",
            "applied_at": now(),
            "version": 1,
        }


def measure(kind: str, organisations: int) -> None:
    dice = Random(0)
    asked = [(name(dice), dice.choice(COUNTIES)) for _ in range(LOOKS)]
    look(asked[:10])
    found = look(asked)
    spent = cpu(kind, lambda: look(asked)) / LOOKS * 1000
    print(f"{kind}, {organisations:,} organisations in a city: {found / LOOKS:.1f} similar ones found")
    print(f"{spent:.1f} ms of CPU for a look (target {TARGET})")


def look(asked: list[tuple[str, str]]) -> int:
    """How many similar ones were found altogether."""
    found = 0
    for wanted, division in asked:
        with reading() as current:
            found += len(resemblances.find(current, wanted, division, OrganisationKind.EMPLOYER))
    return found


if __name__ == "__main__":
    main()

"""Rows of old systems, and those who may be meant by them."""

from collections.abc import Sequence

from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.legacy import LegacyImport, LegacyMatch, LegacyRow
from db.legacy_decisions import LegacyDecision, LegacyVerdict
from db.organisations import Organisation
from db.people import Person
from services import identity, legacy_decisions, reconciliation
from services.legacy_decisions import Judgement
from services.permissions import Actor
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import imported

NAME, BORN = "欧阳小川", factories.BORN.year
HEADER = ["证书编号", "年度", "姓名", "身份证号", "出生年份", "工作单位", "公需", "专业", "选修", "合计", "审核结果"]


def create_analyst() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_account(session, Role.ANALYST))


def create_employer(name: str = files.EMPLOYERS[1]) -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name=name)


def create_person(employer: Organisation | None = None, *, name: str = NAME, number: str = "") -> Person:
    with transaction() as session:
        return factories.create_person(session, name=name, employer=employer, id_number=number or None)


def certificate(
    serial: int,
    *,
    name: str = NAME,
    number: str = "",
    born: object = "",
    employer: str = files.EMPLOYERS[1],
    year: int = 2016,
    hours: tuple[float, float, float] = (18, 42, 12),
    result: str = "合格",
) -> list[object]:
    return [f"旧{serial}", year, name, number, born, employer, *hours, sum(hours), result]


def certificates(*rows: Sequence[object], system: str = "省旧系统") -> LegacyImport:
    return imported([HEADER, *rows], system=system)


def row(serial: int) -> LegacyRow:
    """As it stands now."""
    with reading() as session:
        return session.scalars(select(LegacyRow).where(LegacyRow.number == f"旧{serial}")).one()


def matching(serial: int) -> LegacyMatch | None:
    return row(serial).matching


def decide(actor: Actor, serial: int, judgement: Judgement) -> LegacyDecision:
    with transaction() as session:
        return legacy_decisions.decide(session, actor, row(serial).id, judgement)


def match(
    actor: Actor, serial: int, person: Person, *, alike: bool = False, reason: str = "同事证明"
) -> LegacyDecision:
    return decide(actor, serial, Judgement(LegacyVerdict.PERSON, person_id=person.id, alike=alike, reason=reason))


def undo(actor: Actor, serial: int) -> None:
    found = row(serial)
    with transaction() as session:
        legacy_decisions.undo(session, actor, found.id, seen=found.decision_id or 0, reason="看错了")


def number_of(person_id: int) -> str:
    with reading() as session:
        return identity.decrypt(session.get_one(Person, person_id).id_number)


def counts(actor: Actor) -> dict[LegacyMatch, int]:
    with reading() as session:
        return {kind: count for kind, count in reconciliation.counts(session, actor).items() if count}

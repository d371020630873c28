"""Who asks, and whose the things are that are asked for."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AuthSession, Role
from db.forecasts import ForecastRun, ForecastYear
from db.statistics import StatisticsRun
from services.clock import now, today
from services.permissions import Actor, visitor
from tests import factories
from tests.matrix import things
from tests.matrix.things import House, Things

FAR = "440300"


class Relation(StrEnum):
    """How the owner of a thing stands to the one who asks for it; the value stands in the owner's name."""

    OWN = "自家人"
    COLLEAGUE = "同事甲"  # with the same employer and the same provider
    NEIGHBOUR = "邻家人"  # with others in the same division
    ELSEWHERE = "外市人"  # in another division


class Who(StrEnum):
    """Each role alone, and those who may do nothing yet or no more."""

    VISITOR = "visitor"
    PROFESSIONAL = "professional"
    EMPLOYER = "employer"
    PROVIDER = "provider"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    NEW = "must change the password"
    UNPROVEN = "must set up the one-time code"
    SUSPENDED_EMPLOYER = "of a suspended employer"
    SUSPENDED_PROVIDER = "of a suspended provider"


@dataclass(frozen=True)
class World:
    things: dict[Relation, Things]
    actors: dict[Who, Actor]


def build(session: Session) -> World:
    home, next_door = (things.create_house(session, name, factories.DIVISION) for name in ("晴川", "云岭"))
    houses = (home, home, next_door, things.create_house(session, "海湾", FAR))
    made = {relation: things.create(session, house, relation) for relation, house in zip(Relation, houses, strict=True)}
    _forecast(session)
    return World(made, _actors(session, home, made[Relation.OWN]))


def _forecast(session: Session) -> None:
    """An edition that says nothing of anybody."""
    counted = session.scalars(select(StatisticsRun.id).limit(1)).one()
    run = ForecastRun(statistics_run_id=counted, year=today().year, made_at=now(), finished_at=now())
    session.add(run)
    session.flush()
    shares = dict.fromkeys(("base_rate", "lasting", "yearly", "common"), 0.5)
    session.add(ForecastYear(run_id=run.id, year=run.year, day=today(), learned_years=1, learned_people=1, **shares))
    session.flush()


def _actors(session: Session, home: House, own: Things) -> dict[Who, Actor]:
    accounts = {
        Who.PROFESSIONAL: session.get_one(Account, own.number(Account)),
        Who.EMPLOYER: home.reviewer,
        Who.PROVIDER: home.trainer,
        Who.SUPERVISOR: home.supervisor,
        Who.ANALYST: home.analyst,
        Who.ADMINISTRATOR: factories.create_account(session, Role.ADMINISTRATOR),
    }
    actors = {who: _actor(session, account) for who, account in accounts.items()}
    everything = replace(actors[Who.PROFESSIONAL], scopes=tuple(s for actor in actors.values() for s in actor.scopes))
    return {
        Who.VISITOR: visitor("192.0.2.9"),
        **actors,
        Who.NEW: replace(everything, must_change_password=True),
        Who.UNPROVEN: replace(everything, must_enrol_totp=True),
        Who.SUSPENDED_EMPLOYER: _out_of_work(actors[Who.EMPLOYER]),
        Who.SUSPENDED_PROVIDER: _out_of_work(actors[Who.PROVIDER]),
    }


def _actor(session: Session, account: Account) -> Actor:
    started = session.scalar(select(AuthSession.id).where(AuthSession.account_id == account.id))
    return replace(
        factories.actor_of(session, account),
        session_id=started or things.signed_in(session, account).id,
        address="192.0.2.9",
    )


def _out_of_work(actor: Actor) -> Actor:
    return replace(actor, scopes=tuple(replace(scope, in_force=False) for scope in actor.scopes))

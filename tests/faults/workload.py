"""Work of a process that is to be killed: clerks and professionals in one small world, as many at once as threads.

After each commit it prints in one line what it has stored; whatever it has said must be there when it is dead.
"""

import json
import multiprocessing
import os
from collections.abc import Callable
from random import Random
from threading import Thread
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import reading, transaction
from db.accounts import Account, Grant, Role
from db.certificates import Certificate
from db.claims import Claim, ClaimStep
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.people import Person
from services import certificates, claims, enrolling, enrolments
from services.errors import DomainError
from services.permissions import Actor
from services.reviewing import possible_decisions
from tests import factories
from tests.certificates import YEAR

THREADS = 4
OPINION = "请核对材料"


class Fact(TypedDict):
    """A row that is stored, and the word of it that tells whether it is the one: its new status, or its file."""

    table: str
    id: int
    said: str


Work = Callable[[Session, Random], Fact | None]


def work_on(seed: int) -> None:
    """Until it is killed, or whoever watches it dies."""
    with reading() as session:
        reviewers = [factories.actor_of(session, account) for account in accounts(session, Role.EMPLOYER)]
        holders = [factories.actor_for(session, person) for person in session.scalars(select(Person))]
    for number in range(THREADS):
        work = [review(reviewers), attend(holders), attend(holders), print_one(holders)]
        Thread(target=keep_at, args=(work, Random(seed * THREADS + number)), daemon=True).start()
    if watcher := multiprocessing.parent_process():
        watcher.join()


def accounts(session: Session, role: Role) -> list[Account]:
    granted = select(Grant.account_id).where(Grant.role == role)
    return list(session.scalars(select(Account).where(Account.id.in_(granted))))


def keep_at(work: list[Work], random: Random) -> None:
    while True:
        try:
            with transaction() as session:
                done = random.choice(work)(session, random)
        except (DomainError, StaleDataError):
            continue  # somebody was faster
        if done:
            os.write(1, json.dumps(done).encode() + b"\n")


def review(reviewers: list[Actor]) -> Work:
    """Decides about any claim, and takes decisions back."""

    def decide(session: Session, random: Random) -> Fact | None:
        actor = random.choice(reviewers)
        number = random.choice(session.scalars(select(Claim.id)).all())
        claim = claims.get(session, actor, number)
        possible = possible_decisions(actor, claim)
        if not possible:
            return None
        action = random.choice(possible)
        claims.act(session, actor, number, action, seen=claim.version, opinion=OPINION)
        session.flush()
        last = select(func.max(ClaimStep.id)).where(ClaimStep.claim_id == number)
        return Fact(table=ClaimStep.__tablename__, id=session.scalars(last).one(), said=claim.status)

    return decide


def attend(holders: list[Actor]) -> Work:
    """Takes the seats of a class, leaves it, and takes what is offered."""

    def enrol(session: Session, random: Random) -> Fact:
        actor = random.choice(holders)
        course = random.choice(session.scalars(select(CourseClass)).all())
        own = select(Enrolment).where(Enrolment.person_id == actor.person_id, Enrolment.class_id == course.id)
        enrolment = session.scalar(own)
        if enrolment is None or enrolment.status is EnrolmentStatus.CANCELLED:
            enrolment = enrolling.enrol(session, actor, course.id, seen=course.version, despite_clash=True)
        else:
            action = EnrolmentAction.TAKE if enrolment.offered_until else EnrolmentAction.CANCEL
            enrolments.act(session, actor, enrolment.id, action, seen=enrolment.version)
        session.flush()
        last = select(func.max(EnrolmentStep.id)).where(EnrolmentStep.enrolment_id == enrolment.id)
        return Fact(table=EnrolmentStep.__tablename__, id=session.scalars(last).one(), said=enrolment.status)

    return enrol


def print_one(holders: list[Actor]) -> Work:
    """The certificate of somebody, unless it was there before."""

    def obtain(session: Session, random: Random) -> Fact | None:
        before = set(session.scalars(select(Certificate.id)))
        made = certificates.obtain(session, random.choice(holders), YEAR)
        table = Certificate.__tablename__
        return None if made.id in before else Fact(table=table, id=made.id, said=made.pdf_sha256)

    return obtain

"""The machine dies while hours are being posted: whoever presses again goes on, and each person is posted once."""

from collections import Counter

from sqlalchemy import select

from db import reading, transaction
from db.claims import Claim, ClaimStep
from db.classes import ClassStatus, ClassStep, CourseClass
from db.enrolments import Enrolment, EnrolmentStatus, EnrolmentStep
from services import completion, events
from tests.services import taught as over
from tests.services.dying_process import die

PEOPLE = 4


def completed() -> int:
    with reading() as opened:
        return len(opened.scalars(select(Enrolment.id).where(Enrolment.status == EnrolmentStatus.COMPLETED)).all())


def test_each_person_is_posted_exactly_once_however_often_the_machine_dies() -> None:
    taught, enrolments = over.new(*[(True, True)] * PEOPLE)
    # The first transaction looks at what is to be done, each of the others posts one person, the last ends the class.
    reached = []
    for commit in (1, 2, 3, 3, 4):
        die("post", commit, taught.trainer.account_id, taught.course_class.id)
        reached.append(completed())
    assert reached == [0, 0, 1, 2, PEOPLE]
    assert completion.post(transaction, taught.trainer, taught.course_class.id) == 0
    with reading() as opened:
        claims = Counter(opened.scalars(select(Claim.enrolment_id)))
        steps = Counter(opened.scalars(select(EnrolmentStep.enrolment_id)))
        claim_steps = Counter(opened.scalars(select(ClaimStep.claim_id)))
        class_steps = opened.scalars(select(ClassStep.id)).all()
        assert opened.get_one(CourseClass, taught.course_class.id).status is ClassStatus.COMPLETED
        assert events.check_chain(opened).intact
    assert claims == steps == Counter(each.id for each in enrolments)
    assert sorted(claim_steps.values()) == [1] * PEOPLE
    assert len(class_steps) == 1

"""Enrolling in a class: what stands in the way, and then a seat or a place on the waiting list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.organisations import OrganisationStatus
from db.people import Person, TitleSeries
from services import (
    class_choice,
    class_clashes,
    enrolment_moves,
    enrolment_steps,
    own_account,
    people,
    seats,
    waiting_list,
)
from services.class_clashes import Clash
from services.clock import local, now, today
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.permissions import Actor, Permission, require


class EnrolmentOver(DomainError):
    message = N_("本班已不再接受报名，请选择其他培训班。")


class EnrolmentNotBegun(DomainError):
    message = N_("本班从 %(time)s 起接受报名，请届时再来。")


class NotForThisSeries(DomainError):
    message = N_(
        "本班只面向指定职称系列的人员，您的职称系列不在其中。如资料有误，请先在“人员基本信息维护”中更正；也可以咨询施教机构。"
    )


class AlreadyEnrolled(DomainError):
    message = N_("您已报名本班，请到“培训班情况查看”查看进展。")


class DeclinedBefore(DomainError):
    message = N_("施教机构没有通过您对本班的报名，不能再次报名。如有疑问，请联系施教机构。")


class Clashing(DomainError):
    message = N_("本班与您的其他培训班时间冲突或内容重复：%(names)s。确定仍要参加的，请先勾选确认，再报名。")


def refusal(course_class: CourseClass, series: TitleSeries | None, enrolment: Enrolment | None) -> DomainError | None:
    """What keeps a professional of a title series from enrolling; the class is loaded with provider and audience."""
    if enrolment and enrolment.status is not EnrolmentStatus.CANCELLED:
        return DeclinedBefore() if enrolment.status is EnrolmentStatus.DECLINED else AlreadyEnrolled()
    if _is_over(course_class):
        return EnrolmentOver()
    if course_class.enrol_from and course_class.enrol_from > now():
        return EnrolmentNotBegun(time=f"{local(course_class.enrol_from):%Y-%m-%d %H:%M}")
    if course_class.audience and series not in {each.series for each in course_class.audience}:
        return NotForThisSeries()
    return None


def _is_over(course_class: CourseClass) -> bool:
    may_teach = course_class.provider.status is OrganisationStatus.APPROVED
    if course_class.status is not ClassStatus.OPEN or not may_teach:
        return True
    ends, begins = course_class.enrol_until, course_class.start_on
    return ends is None or begins is None or ends <= now() or begins <= today()


@dataclass(frozen=True, slots=True)
class Prospect:
    """How somebody stands to a class: already in it, at which place of the waiting list, and what speaks against it."""

    enrolment: Enrolment | None
    place: int | None
    waiting: int
    clashes: Sequence[Clash]
    refusal: DomainError | None


def prospects(session: Session, actor: Actor, classes: Sequence[CourseClass]) -> dict[int, Prospect]:
    """By the number of the class, each loaded with provider and audience; always the same number of queries."""
    numbers = [each.id for each in classes]
    own = class_choice.own_enrolments(session, actor, classes)
    series, clashes = own_series(session, actor), class_clashes.find(session, actor, numbers)
    waiting, places = waiting_list.lengths(session, numbers), waiting_list.places(session, list(own.values()))
    return {
        each.id: Prospect(
            enrolment=own.get(each.id),
            place=places.get(own[each.id].id) if each.id in own else None,
            waiting=waiting.get(each.id, 0),
            clashes=clashes.get(each.id, ()),
            refusal=refusal(each, series, own.get(each.id)),
        )
        for each in classes
    }


def own_series(session: Session, actor: Actor) -> TitleSeries | None:
    require(actor, Permission.CLASS_ENROL)
    return session.scalar(select(Person.title_series).where(Person.id == actor.person_id))


def enrol(session: Session, actor: Actor, class_id: int, *, seen: int, despite_clash: bool = False) -> Enrolment:
    """A seat, or a place on the waiting list when none is free; `seen` is the version of the class that was shown.

    Raises NotFound, NoEmployer, EmployerSuspended, WrongStatus, Clashing unless agreed to, and those of `refusal`.
    """
    require(actor, Permission.CLASS_ENROL)
    if actor.person_id is None:
        raise NotFound
    own_account.keep_open(session, actor)
    seats.hold_class(session, class_id)
    employer = people.employer_of(session, actor.person_id)
    course_class = class_choice.get(session, actor, class_id)
    enrolment = class_choice.own_enrolments(session, actor, [course_class]).get(class_id)
    if found := refusal(course_class, own_series(session, actor), enrolment):
        raise found
    if course_class.version != seen:
        raise WrongStatus
    if not despite_clash and (clashes := class_clashes.find(session, actor, [class_id])):
        raise Clashing(names="、".join(dict.fromkeys(each.name for each in clashes[class_id])))
    action = EnrolmentAction.ENROL if seats.take(session, class_id) else EnrolmentAction.WAIT
    move = enrolment_moves.find(action, enrolment)
    if move is None:
        raise AlreadyEnrolled
    enrolment = enrolment or Enrolment(class_id=class_id, person_id=actor.person_id)
    enrolment.employer_id, enrolment.applied_at = employer.id, now()
    enrolment_steps.go(session, actor, enrolment, move)
    return enrolment

"""What somebody sends while he closes his account: in the way, forgotten with the rest, or refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event
from unittest.mock import Mock

import pytest
from sqlalchemy import Select, select

from db import reading, transaction
from db.accounts import Account, AccountStatus, Role
from db.claims import Claim
from db.enrolments import LIVE, Enrolment
from db.exemptions import Exemption
from db.misconduct import MisconductAction, MisconductStatus
from db.missing_records import MissingRecord
from db.people import Binding, Person
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfilePart
from services import (
    binding_steps,
    bindings,
    claims,
    closing,
    enrolling,
    exemption_form,
    identity_requests,
    missing_record_form,
    people,
    profile_drafts,
    saved_questions,
    totp,
)
from services.clock import today
from services.closing import NotSettled
from services.errors import NotFound, WrongStatus
from services.identity_requests import Correction
from services.people import Profile
from services.permissions import Actor, Scope
from tests import classes, exemption_cases, factories, misconduct_cases, signing_in
from tests.services import claim_forms, exemption_steps, misconduct_steps, missing_steps
from tests.services.acting import refused
from tests.services.files import checked_file
from tests.services.racing import Call
from tests.signing_in import PASSWORD

# Long enough for the closing to get past whoever does not hold it up.
HEAD_START = 1.0  # seconds
Sending = Callable[[Actor], Call]


def claim(actor: Actor) -> Call:
    form = replace(claim_forms.FORM, year=today().year, start_on=today(), end_on=today(), hours_claimed=8)
    return partial(claims.create, actor=actor, form=form)


def enrolment(actor: Actor) -> Call:
    with transaction() as session:
        made = classes.create_class(session, classes.create_provider(session))
    return partial(enrolling.enrol, actor=actor, class_id=made.id, seen=made.version)


def missing_record(actor: Actor) -> Call:
    return partial(missing_record_form.report, actor=actor, form=missing_steps.form(), files=[checked_file()])


def exemption(actor: Actor) -> Call:
    return partial(exemption_form.request, actor=actor, form=exemption_steps.form(), files=[checked_file()])


def profile_change(actor: Actor) -> Call:
    work = {"department": "«桥梁所»", "position": "工程师", "started_on": today() - timedelta(days=9)}
    return partial(profile_drafts.put, actor=actor, part=ProfilePart.WORK, given=work, entry_id=actor.person_id)


def contact(actor: Actor) -> Call:
    return partial(people.update_profile, actor=actor, profile=Profile("13800000009", "new@example.com"))


def transfer(actor: Actor) -> Call:
    with transaction() as session:
        another = factories.create_employer(session)
    return partial(bindings.request_transfer, actor=actor, organisation_id=another.id, wished_on=today())


def binding(actor: Actor) -> Call:
    with transaction() as session:
        another = factories.create_employer(session)
    return partial(bindings.request, actor=actor, organisation_id=another.id)


def correction(actor: Actor) -> Call:
    asked = Correction(name="林知秋", id_number="", explanation="登记有误。")
    return partial(identity_requests.request, actor=actor, correction=asked, files=[checked_file()])


def code(actor: Actor) -> Call:
    return partial(totp.enrol, actor=actor, code="123456")


def reply(actor: Actor) -> Call:
    with transaction() as session:
        person, employer = session.get_one(Person, actor.person_id), factories.create_employer(session)
        case = misconduct_cases.create_case(session, person, employer, status=MisconductStatus.NOTIFIED)
    return partial(misconduct_steps.act, actor=actor, case=case, action=MisconductAction.REPLY)


def question(actor: Actor) -> Call:
    analyst, never_read = replace(actor, scopes=(Scope(Role.ANALYST),)), Mock()
    return partial(saved_questions.save, actor=analyst, name="一问", question=never_read, answer=never_read)


# What must be gone of each afterwards; or it stands in the way.
SENT: dict[Sending, Select[int]] = {
    claim: select(Claim.id),
    enrolment: select(Enrolment.id).where(Enrolment.status.in_(LIVE)),
    missing_record: select(MissingRecord.id),
    exemption: select(Exemption.id),
    profile_change: select(ProfileChangeItem.id).join(ProfileChange, ProfileChange.id == ProfileChangeItem.change_id),
    contact: select(Person.id).where(Person.mobile != ""),
    transfer: select(Binding.id).where(Binding.status.in_(binding_steps.OPEN)),
}
REFUSED = [*SENT, binding, correction, code, reply, question]


@pytest.fixture
def actor() -> Actor:
    account = signing_in.create_account()
    with transaction() as session:
        person = factories.create_person(session, account=session.get_one(Account, account.id))
        factories.create_binding(session, person, factories.create_employer(session))
    return signing_in.actor_of(signing_in.enter())


def close(actor: Actor) -> None:
    closing.close(transaction, actor, username=actor.username, password=PASSWORD)


def is_closed(actor: Actor) -> bool:
    with reading() as session:
        return session.get_one(Account, actor.account_id).status is AccountStatus.CLOSED


@pytest.mark.parametrize("sending", REFUSED)
def test_nothing_is_taken_in_for_whoever_has_just_closed_his_account(sending: Sending, actor: Actor) -> None:
    send = sending(actor)
    close(actor)
    assert refused(send) is WrongStatus
    if sending in SENT:
        assert left_of(sending) == []


@pytest.mark.parametrize("sending", SENT)
def test_what_is_on_its_way_is_in_the_way_or_forgotten_with_the_rest(sending: Sending, actor: Actor) -> None:
    send, sent = sending(actor), Event()

    def send_slowly() -> None:
        with transaction() as session:
            try:
                send(session)
            finally:
                sent.set()
            Event().wait(HEAD_START)

    with ThreadPoolExecutor(2) as threads:
        sender = threads.submit(send_slowly)
        sent.wait()
        closer = threads.submit(close, actor)
        sender.result()
        refusal = closer.exception()
    assert refusal is None or isinstance(refusal, NotSettled)
    assert is_closed(actor) is (refusal is None)
    assert (left_of(sending) == []) is is_closed(actor)


def left_of(sending: Sending) -> list[int]:
    with reading() as session:
        return list(session.scalars(SENT[sending]))


def test_nobody_asks_for_less_in_the_name_of_a_closed_account() -> None:
    account = signing_in.create_account()
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, account=session.get_one(Account, account.id), employer=employer)
        exemption_cases.create_exemption(session, person, employer)
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    close(signing_in.actor_of(signing_in.enter()))
    propose = partial(exemption_form.propose, actor=supervisor, person_id=person.id, files=[checked_file()])
    assert refused(propose, form=exemption_steps.form()) is NotFound

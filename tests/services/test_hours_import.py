"""Lists of hours: for the own staff alone, with proof, to the supervisor, and once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import Claim, ClaimSource, ClaimStatus
from db.imports import Import
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from services import bindings, clock, hours_import
from services.deciding import NoEvidence, NotAttested
from services.errors import LeftOut
from services.evidence import SameFileTwice
from services.permissions import Actor
from services.requirements import WindowClosed
from tests import factories
from tests.services.acting import refused
from tests.services.claim_forms import FORM, TODAY
from tests.services.importing import (
    carry_out,
    counts,
    hours_list,
    hours_upload,
    how_many,
    keep,
    proof,
    reasons,
    run,
)

NUMBER = factories.invented_id_number(981)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", id_number=NUMBER, employer=employer)


def import_(actor: Actor, employer: Organisation, *rows: Sequence[Any], **changes: Any) -> Import:
    return carry_out(actor, hours_upload(employer, hours_list(rows), replace(FORM, **changes)))


def reason(actor: Actor, employer: Organisation, *row: Any) -> str:
    kept = import_(actor, employer, row)
    assert counts(kept) == (0, 1, 0)
    (said,) = reasons(actor, kept)[2]
    return said


def test_a_row_becomes_a_claim_that_waits_for_the_supervisor_with_the_proof(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    assert counts(import_(reviewer, employer, ["林知夏", NUMBER, None, 4.5])) == (1, 0, 0)
    with reading() as session:
        claim = session.scalars(select(Claim).options(joinedload(Claim.evidence))).unique().one()
    assert (claim.person_id, claim.employer_id) == (person.id, employer.id)
    assert (claim.source, claim.status, claim.second_level) == (ClaimSource.EMPLOYER, ClaimStatus.ENDORSED, True)
    assert (claim.title, claim.hours_claimed, claim.hours_endorsed) == (FORM.title, Decimal("4.5"), Decimal("4.5"))
    assert [file.file_name for file in claim.evidence] == ["签到表.pdf"]


def test_looking_through_enters_nothing(reviewer: Actor, employer: Organisation, person: Person) -> None:
    kept = keep(reviewer, hours_upload(employer, hours_list([["林知夏", NUMBER, None, 4]]), FORM))
    assert counts(kept) == (1, 0, 0)
    assert how_many(Claim) == 0


@pytest.mark.parametrize("by", ["mobile", "number"])
def test_a_member_is_found_by_number_or_mobile(
    reviewer: Actor, employer: Organisation, person: Person, by: str
) -> None:
    row = ["林知夏", None, person.mobile, 4] if by == "mobile" else ["林知夏", NUMBER, None, 4]
    assert counts(import_(reviewer, employer, row)) == (1, 0, 0)


def test_the_same_list_again_adds_nothing(reviewer: Actor, employer: Organisation, person: Person) -> None:
    row = ["林知夏", NUMBER, None, 4]
    import_(reviewer, employer, row)
    assert counts(import_(reviewer, employer, row)) == (0, 0, 1)
    assert how_many(Claim) == 1


def test_other_hours_for_the_same_training_are_refused_and_another_training_is_not(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    import_(reviewer, employer, ["林知夏", NUMBER, None, 4])
    assert "已为该人员导入 4 学时" in reason(reviewer, employer, "林知夏", NUMBER, None, 5)
    assert counts(import_(reviewer, employer, ["林知夏", NUMBER, None, 5], title="另一次培训")) == (1, 0, 0)


def test_one_person_twice_in_a_list_counts_once_however_he_is_named(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    kept = import_(reviewer, employer, ["林知夏", NUMBER, None, 4], ["林知夏", None, person.mobile, 4])
    assert counts(kept) == (1, 1, 0)
    assert reasons(reviewer, kept) == {3: ["与第 2 行重复，请只保留一行。"]}


def test_who_is_not_on_the_staff_is_refused_whoever_he_is(reviewer: Actor, employer: Organisation) -> None:
    numbers = [factories.invented_id_number(990 + n) for n in range(4)]
    with transaction() as session:
        other = factories.create_employer(session)
        factories.create_person(session, name="林知夏", id_number=numbers[0], employer=other)
        factories.create_person(session, name="林知夏", id_number=numbers[1])
        asking = factories.create_person(session, name="林知夏", id_number=numbers[2])
        factories.create_binding(session, asking, employer, status=BindingStatus.REQUESTED)
    kept = import_(reviewer, employer, *(["林知夏", number, None, 4] for number in numbers))
    assert reasons(reviewer, kept) == {line: ["不是本单位已确认的在职人员。"] for line in range(2, 6)}


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["林知夏", None, None, 4], "请填写证件号码或手机号码"),
        (["林望舒", NUMBER, None, 4], "姓名与该证件号码或手机号码"),
        (["林知夏", NUMBER, None, 99], "99 学时超出了"),
        (["林知夏", NUMBER, None, "很多"], "学时：请填写数字"),
        (["林知夏", NUMBER, None, 4.25], "学时：最多保留一位小数"),
        (["林知夏", NUMBER, None, 0], "学时：应大于 0"),
        (["林知夏", NUMBER, None, None], "学时：请填写。"),
    ],
)
def test_a_row_that_cannot_be_says_why(reviewer: Actor, employer: Organisation, row: list[Any], said: str) -> None:
    assert said in reason(reviewer, employer, *row)


def test_colleagues_with_one_mobile_are_told_apart_by_name_or_not_at_all(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    with transaction() as session:
        for name in ("林知夏", "陈望舒"):
            factories.create_person(session, name=name, employer=employer).mobile = person.mobile
    assert "几个人登记了这个手机号码" in reason(reviewer, employer, "林知夏", None, person.mobile, 4)
    assert counts(import_(reviewer, employer, ["陈望舒", None, person.mobile, 4])) == (1, 0, 0)


def test_nobody_enters_hours_for_himself(employer: Organisation, person: Person) -> None:
    with transaction() as session:
        account = session.get_one(Account, person.account_id)
        factories.grant(session, account, Role.EMPLOYER, organisation=employer)
        himself = factories.actor_of(session, account)
    assert "不能审核自己的学时" in reason(himself, employer, "林知夏", NUMBER, None, 4)


def test_who_leaves_between_the_look_and_the_import_gets_no_hours(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    kept = keep(reviewer, hours_upload(employer, hours_list([["林知夏", NUMBER, None, 4]]), FORM))
    with transaction() as session:
        binding = session.scalars(select(Binding).where(Binding.person_id == person.id)).one()
        bindings.end(session, reviewer, binding.id, reason=EndReason.LEFT, on=clock.today())
    done = run(reviewer, kept)
    assert reasons(reviewer, done) == {2: ["不是本单位已确认的在职人员。"]}


def test_the_training_is_checked_before_the_list(employer: Organisation) -> None:
    with transaction() as session:
        with pytest.raises(NotAttested):
            hours_import.training_of(session, FORM, attested=False)
        with pytest.raises(LeftOut):
            hours_import.training_of(session, replace(FORM, title="", start_on=None), attested=True)
        with pytest.raises(WindowClosed):
            hours_import.training_of(session, replace(FORM, year=2024), attested=True)


def test_a_training_needs_proof_and_no_file_twice() -> None:
    assert refused(hours_import.evidence_of, []) is NoEvidence
    assert refused(hours_import.evidence_of, [proof(), proof()]) is SameFileTwice


def test_a_list_whose_year_has_closed_meanwhile_enters_nothing(
    reviewer: Actor, employer: Organisation, person: Person
) -> None:
    kept = keep(reviewer, hours_upload(employer, hours_list([["林知夏", NUMBER, None, 4]]), FORM))
    with clock.at(TODAY + timedelta(days=700)):
        done = run(reviewer, kept)
    assert counts(done) == (0, 1, 0)
    assert "现在不能申报" in reasons(reviewer, done)[2][0]

"""Official and live figures, the certificate they allow, and what anybody can verify of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import zxingcpp
from stdnum.iso7064 import mod_11_10

from db import transaction
from db.certificates import CertificateStatus
from db.claims import Category, ClaimStatus
from db.people import BindingStatus, Person
from services import certificates, clock, proofs, rules, standing, statements, statistics, storage, verification
from services.certificates import NotYetMet
from services.errors import InvalidField, NotFound, PermissionDenied
from services.permissions import SYSTEM, Actor
from services.proofs import BrokenProof, Proof
from services.requirements import NoRequirement
from services.spellings import NameCannotBePrinted, SpellingNotConfirmed
from services.throttle import TooManyAttempts
from services.verification import UnknownCertificate
from tests import factories
from tests.services.pdf import reading as reading_back

TODAY = datetime(2026, 11, 2, 3, tzinfo=UTC)
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def person_with(hours: dict[Category, Decimal], *, name: str = "林知夏", employer: str | None = None) -> Actor:
    """Somebody whose approved hours of 2026 are these, before any statistics."""
    with transaction() as session:
        organisation = factories.create_employer(session, name=employer)
        person = factories.create_person(session, name=name, employer=organisation)
        for category, awarded in hours.items():
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=awarded, year=2026
            )
        return factories.actor_for(session, person)


def recompute() -> None:
    statistics.recompute(transaction, SYSTEM)


def test_official_figures_appear_with_the_run_and_live_ones_at_once() -> None:
    actor = person_with({Category.GENERAL: Decimal("29.5")})
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, hours=Decimal(4), year=2026)
        factories.create_claim(session, person, status=ClaimStatus.RETURNED, hours=Decimal(2), year=2026)
        factories.create_claim(session, person, status=ClaimStatus.REJECTED, hours=Decimal(9), year=2026)
        before = standing.overview(session, actor)
    assert before.years[2026].official[0].earned == 0
    assert before.years[2026].computed_at is None
    general = before.live[2026][Category.GENERAL]
    assert (general.earned, general.waiting, general.unsent) == (Decimal("29.5"), Decimal(4), Decimal(2))
    assert before.binding is BindingStatus.ACTIVE
    recompute()
    with transaction() as session:
        after = standing.overview(session, actor).years[2026]
    assert (after.official[0].earned, after.official[0].missing, after.computed_at) == (
        Decimal("29.5"),
        Decimal("0.5"),
        TODAY,
    )


@pytest.mark.parametrize("category", Category)
def test_half_an_hour_short_in_one_category_prints_nothing(category: Category) -> None:
    surplus = {c: hours + 40 for c, hours in FULL.items()}
    actor = person_with(surplus | {category: FULL[category] - Decimal("0.5")})
    recompute()
    with transaction() as session, pytest.raises(NotYetMet):
        certificates.obtain(session, actor, 2026)


def test_exactly_met_prints_and_the_certificate_is_frozen() -> None:
    actor = person_with(FULL, name="欧阳若谷", employer="晴川桥隧设计有限公司")
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026)
    assert issued.statement["name"] == "欧阳若谷"
    assert issued.statement["employer"] == "晴川桥隧设计有限公司"
    assert [statements.earned(issued, category) for category in Category] == list(FULL.values())
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, year=2026)
        person.name = "欧阳谷"
    recompute()
    with clock.at(TODAY + timedelta(days=3)), transaction() as session:
        again = certificates.obtain(session, actor, 2026)
        _, pdf = certificates.read_pdf(session, actor, again.id)
    assert (again.id, again.pdf_sha256) == (issued.id, issued.pdf_sha256)
    assert storage.get(issued.pdf_sha256) == pdf
    assert pdf.startswith(b"%PDF-")


def test_hours_approved_after_the_run_do_not_print_until_the_next_run() -> None:
    actor = person_with({})
    recompute()
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        for category, hours in FULL.items():
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=hours, year=2026
            )
    with transaction() as session, pytest.raises(NotYetMet):
        certificates.obtain(session, actor, 2026)
    recompute()
    with transaction() as session:
        assert certificates.obtain(session, actor, 2026).status is CertificateStatus.ISSUED


def test_numbers_hold_division_year_serial_and_check_digit() -> None:
    actors = [person_with(FULL) for _ in range(3)]
    recompute()
    numbers = []
    for actor in actors:
        with transaction() as session:
            numbers.append(certificates.obtain(session, actor, 2026).number)
    assert [number[:-1] for number in numbers] == [f"{factories.DIVISION}2026{serial:06d}" for serial in (1, 2, 3)]
    assert all(mod_11_10.is_valid(number) for number in numbers)


def test_a_year_that_asks_for_nothing_has_no_certificate() -> None:
    actor = person_with(FULL)
    recompute()
    with transaction() as session, pytest.raises(NoRequirement):
        certificates.obtain(session, actor, 1999)


UNPRINTABLE = "王\U0003134a"


def test_a_name_that_no_font_can_write_is_refused_before_anything_is_issued() -> None:
    actor = person_with(FULL, name=UNPRINTABLE)
    recompute()
    with transaction() as session, pytest.raises(NameCannotBePrinted, match=r"U\+3134A"):
        certificates.obtain(session, actor, 2026)
    with transaction() as session:
        assert certificates.list_mine(session, actor) == []
        assert certificates.unprintable(session, actor, 2026) == "\U0003134a"


def test_a_spelling_that_its_holder_confirms_is_printed_and_noted() -> None:
    actor = person_with(FULL, name=UNPRINTABLE, employer="𬎆川设计院")
    recompute()
    spelling = {"\U0003134a": "允", "𬎆": "永"}
    with transaction() as session, pytest.raises(SpellingNotConfirmed):
        certificates.obtain(session, actor, 2026, spelling)
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026, spelling, confirmed=True)
        finding = verification.verify(session, issued.code, address="10.0.0.1")
    assert (issued.statement["name"], issued.statement["employer"]) == ("王允", "永川设计院")
    assert finding.note == "用字 U+3134A 以“允”代替，U+2C386 以“永”代替，因暂无字形，经持有人确认。"
    text = reading_back.joined(storage.get(issued.pdf_sha256))
    assert "".join(finding.note.split()) in text


@pytest.mark.parametrize(
    ("spelling", "reason"),
    [
        ("", "请填写 U\\+3134A"),
        ("一二三四五六七八九", "不超过 8 个"),
        ("允1", "汉字或字母"),
        ("允 ", "汉字或字母"),
        ("允，某某人", "汉字或字母"),
        ("𬎆", "同样没有字形"),
    ],
)
def test_a_spelling_consists_of_a_few_letters_that_can_be_printed(spelling: str, reason: str) -> None:
    actor = person_with(FULL, name=UNPRINTABLE)
    recompute()
    with transaction() as session, pytest.raises(InvalidField, match=reason):
        certificates.obtain(session, actor, 2026, {"\U0003134a": spelling}, confirmed=True)


def test_characters_that_can_be_printed_are_never_replaced() -> None:
    actor = person_with(FULL, name="王知夏")
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026, {"王": "李"}, confirmed=True)
    assert (issued.statement["name"], issued.statement["note"]) == ("王知夏", "")


def test_a_certificate_is_its_holders_alone() -> None:
    holder, other = person_with(FULL), person_with(FULL)
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, holder, 2026)
        with pytest.raises(NotFound):
            certificates.read_pdf(session, other, issued.id)
        assert [c.id for c in certificates.list_mine(session, holder)] == [issued.id]
        assert certificates.list_mine(session, other) == []
        reviewer = factories.create_reviewer(session, factories.create_employer(session))
        with pytest.raises(PermissionDenied):
            certificates.read_pdf(session, factories.actor_of(session, reviewer), issued.id)


def test_anybody_verifies_by_number_or_code_however_it_is_typed_and_sees_the_name_masked() -> None:
    actor = person_with(FULL, name="阿卜杜拉·买买提")
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026)
    grouped = " ".join(issued.code[start : start + 4].lower() for start in range(0, 16, 4))
    for text in (issued.number, issued.code, grouped, f" {issued.number} "):
        with transaction() as session:
            finding = verification.verify(session, text, address="10.0.0.1")
        assert (finding.number, finding.status, finding.year) == (issued.number, CertificateStatus.ISSUED, 2026)
        assert finding.name_masked == "阿******提"
        assert [line.earned for line in finding.hours] == list(FULL.values())


@pytest.mark.parametrize(
    ("name", "masked"), [("李", "李"), ("林夏", "林*"), ("林知夏", "林*夏"), ("欧阳若谷", "欧**谷")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert statements.mask_name(name) == masked


def test_the_qr_code_is_verified_with_and_without_the_database() -> None:
    actor = person_with(FULL, name="阿卜杜拉·买买提")
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026)
        pdf = storage.get(issued.pdf_sha256)
    (code,) = zxingcpp.read_barcodes(reading_back.pixels(pdf, 150))
    proof = verification.offline(code.text)
    assert proof
    assert (proof.number, proof.year, proof.name_masked) == (issued.number, 2026, "阿******提")
    assert [line.earned for line in proof.hours] == list(FULL.values())
    with transaction() as session:
        assert verification.verify(session, code.text, address="10.0.0.1").number == issued.number


def test_every_check_is_counted_on_the_certificate() -> None:
    actor = person_with(FULL)
    recompute()
    with transaction() as session:
        issued = certificates.obtain(session, actor, 2026)
    assert (issued.checks, issued.checked_at) == (0, None)
    for text in (issued.number, issued.code, issued.statement["verify_url"]):
        look(text, "10.0.0.1")
    with transaction() as session:
        (counted,) = certificates.list_mine(session, actor)
    assert (counted.checks, counted.checked_at) == (3, TODAY)


def test_an_edited_qr_code_is_refused_and_counts_against_whoever_shows_it() -> None:
    actor = person_with(FULL)
    recompute()
    with transaction() as session:
        address: str = certificates.obtain(session, actor, 2026).statement["verify_url"]
    edited = address[:-20] + ("0" if address[-20] != "0" else "1") + address[-19:]
    for _ in range(verification.UNKNOWN_LOOKS.tries):
        with pytest.raises(BrokenProof):
            look(edited, "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        look(edited, "10.0.0.1")


def test_a_good_qr_code_of_a_certificate_that_is_not_stored_is_unknown() -> None:
    proof = Proof("44010020260000017", "林*", TODAY.date(), rules.standings(FULL, FULL))
    with pytest.raises(UnknownCertificate):
        look(proofs.write(proof), "10.0.0.1")


@pytest.mark.parametrize("text", ["", " ", "4401042026000001X", "'; DROP TABLE certificate", "９" * 500])
def test_an_unknown_certificate_is_said_to_be_unknown(text: str) -> None:
    with transaction() as session, pytest.raises(UnknownCertificate):
        verification.verify(session, text, address="10.0.0.1")


def look(text: str, address: str) -> None:
    with transaction() as session:
        verification.verify(session, text, address=address)


def test_trawling_for_certificates_is_slowed_down() -> None:
    for number in range(verification.UNKNOWN_LOOKS.tries):
        with pytest.raises(UnknownCertificate):
            look(str(number), "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        look("1", "10.0.0.1")
    with pytest.raises(UnknownCertificate):
        look("1", "10.0.0.2")
    with clock.at(TODAY + timedelta(minutes=16)), pytest.raises(UnknownCertificate):
        look("1", "10.0.0.1")

"""The transcript lists what the official figures count, and its sums are those figures."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.claims import ActivityType, Category, Claim, ClaimStatus
from db.exemptions import ExemptionStatus
from db.organisations import Organisation
from db.people import Person
from services import clock, completion, standing, statistics, transcripts
from services.errors import NotFound, PermissionDenied
from services.pdf.transcript import Transcript
from services.permissions import SYSTEM, Actor
from services.statements import CATEGORY_NAMES
from services.transcripts import FiguresDiffer
from tests import factories
from tests.exemption_cases import create_exemption
from tests.services import taught as over
from tests.services.acting import last_event
from tests.services.pdf import reading as reading_back

NOVEMBER = datetime(2026, 11, 2, 3, tzinfo=UTC)
KINDS = {each: f"类型{each}" for each in ActivityType}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


@pytest.fixture
def owner() -> Person:
    with transaction() as session:
        return factories.create_person(
            session, name="林知夏", employer=factories.create_employer(session, name="晴川桥隧设计院")
        )


def add(owner: Person, category: Category, hours: str, year: int = 2026, title: str | None = None) -> Claim:
    with transaction() as session:
        return factories.create_claim(
            session,
            session.get_one(Person, owner.id),
            status=ClaimStatus.APPROVED,
            category=category,
            hours=Decimal(hours),
            year=year,
            title=title,
        )


def recompute() -> None:
    statistics.recompute(transaction, SYSTEM)


def actor_of(owner: Person) -> Actor:
    with reading() as session:
        return factories.actor_for(session, owner)


def transcript(owner: Person, *years: int) -> Transcript:
    with reading() as session:
        return transcripts.of_years(session, actor_of(owner), years, KINDS)


def printable(owner: Person) -> list[int]:
    with reading() as session:
        counted = transcripts.printable(standing.overview(session, actor_of(owner)))
    return [year for year, refusal in counted.items() if refusal is None]


def printed_sums(said: Transcript) -> dict[str, Decimal]:
    """Of the hours in the rows of the file, by category."""
    text = "".join(reading_back.pages(transcripts.render(said)))
    sums = dict.fromkeys(CATEGORY_NAMES.values(), Decimal(0))
    for category, hours in re.findall(rf"类型[a-z_]+({'|'.join(sums)})(\d+\.\d)", text):
        sums[category] += Decimal(hours)
    return sums


def official(owner: Person, year: int) -> dict[str, Decimal]:
    with reading() as session:
        lines = standing.of_year(session, owner.id, year).official
    return {CATEGORY_NAMES[line.category]: line.earned for line in lines}


def test_the_printed_hours_add_up_to_the_official_figures(owner: Person) -> None:
    for number in range(25):
        add(owner, list(Category)[number % 3], f"{number % 7 + 1}.5")
    recompute()
    with transaction() as session:
        for status in ClaimStatus:
            if status is not ClaimStatus.APPROVED:
                factories.create_claim(session, session.get_one(Person, owner.id), status=status, year=2026)
    said = transcript(owner, 2026)
    assert printed_sums(said) == official(owner, 2026) != dict.fromkeys(CATEGORY_NAMES.values(), Decimal(0))
    (chapter,) = said.chapters
    assert {name: hours.earned for name, hours in chapter.lines.items()} == official(owner, 2026)
    assert len(chapter.entries) == 25


def test_what_was_approved_after_the_run_is_left_out_until_the_next_one(owner: Person) -> None:
    add(owner, Category.GENERAL, "8", title="统计前的讲座")
    recompute()
    with clock.at(NOVEMBER + timedelta(hours=1)):
        add(owner, Category.GENERAL, "8", title="统计后的讲座")
        before = transcript(owner, 2026)
        assert [entry.title for entry in before.chapters[0].entries] == ["统计前的讲座"]
        assert printed_sums(before) == official(owner, 2026)
        recompute()
        assert len(transcript(owner, 2026).chapters[0].entries) == 2


def test_hours_that_were_revoked_or_corrected_between_two_runs_never_leave_a_sum_that_differs(owner: Person) -> None:
    """Taking hours back brings the official figures up to this very moment, with what the next run would have found."""
    first = add(owner, Category.GENERAL, "8")
    recompute()
    with clock.at(NOVEMBER + timedelta(hours=1)):
        late = add(owner, Category.GENERAL, "5.5")
        with transaction() as session:
            statistics.correct(session, owner.id)
    with clock.at(NOVEMBER + timedelta(hours=2)):
        add(owner, Category.GENERAL, "3")
        said = transcript(owner, 2026)
    assert [entry.hours for entry in said.chapters[0].entries] == [first.hours_awarded, late.hours_awarded]
    assert printed_sums(said) == official(owner, 2026)


def test_a_year_whose_records_do_not_explain_its_figures_is_refused(owner: Person) -> None:
    kept = add(owner, Category.GENERAL, "8")
    add(owner, Category.GENERAL, "5")
    recompute()
    with transaction() as session:
        session.get_one(Claim, kept.id).hours_awarded = Decimal(1)
    with pytest.raises(FiguresDiffer, match="2026"):
        transcript(owner, 2026)
    assert printable(owner) == []
    recompute()
    assert printed_sums(transcript(owner, 2026)) == official(owner, 2026)


def test_several_years_are_printed_newest_first_and_each_once(owner: Person) -> None:
    for year in (2024, 2026, 2025):
        add(owner, Category.PROFESSIONAL, "8", year)
    recompute()
    assert printable(owner) == [2026, 2025, 2024]
    said = transcript(owner, 2024, 2026, 2024)
    assert [chapter.year for chapter in said.chapters] == [2026, 2024]


def test_a_record_says_when_what_and_who_let_it_count(owner: Person) -> None:
    claim = add(owner, Category.ELECTIVE, "4.5", title="桥梁检测\n新技术")
    recompute()
    (entry,) = transcript(owner, 2026).chapters[0].entries
    assert (entry.start_on, entry.end_on, entry.title) == (claim.start_on, claim.end_on, "桥梁检测 新技术")
    assert (entry.kind, entry.category, entry.hours) == ("类型training", "选修科目", Decimal("4.5"))
    assert entry.confirmed_by == "晴川桥隧设计院"


def test_records_stand_in_the_order_of_the_activities(owner: Person) -> None:
    with transaction() as session:
        for day in (date(2026, 5, 2), date(2026, 3, 1), date(2026, 4, 9)):
            person = session.get_one(Person, owner.id)
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, on=day, year=2026)
    recompute()
    days = [entry.start_on for entry in transcript(owner, 2026).chapters[0].entries]
    assert days == sorted(days)


def test_it_says_as_of_which_run_and_where_its_owner_works(owner: Person) -> None:
    add(owner, Category.GENERAL, "8")
    recompute()
    with clock.at(NOVEMBER + timedelta(days=3)):
        said = transcript(owner, 2026)
    with reading() as session:
        run = statistics.last_finished(session)
    assert run is not None
    assert (said.run, said.computed_at.hour, said.printed_on) == (run.id, 11, date(2026, 11, 5))
    assert (said.name, said.employer) == ("林知夏", "晴川桥隧设计院")
    assert said.id_number_masked == owner.id_number_masked != ""


def test_somebody_without_official_figures_has_nothing_to_print(owner: Person) -> None:
    add(owner, Category.GENERAL, "8")
    assert printable(owner) == []
    with pytest.raises(NotFound):
        transcript(owner, 2026)


@pytest.mark.parametrize("years", [(), (1999,), (2026, 1999), (2027,)])
def test_years_that_ask_for_nothing_have_no_transcript(owner: Person, years: tuple[int, ...]) -> None:
    recompute()
    with pytest.raises(NotFound):
        transcript(owner, *years)


def test_who_takes_a_transcript_along_is_recorded(owner: Person) -> None:
    add(owner, Category.GENERAL, "3", year=2025)
    add(owner, Category.GENERAL, "3")
    recompute()
    with transaction() as session:
        transcripts.note_export(session, actor_of(owner), transcript(owner, 2025, 2026))
    event = last_event()
    assert (event.action, event.object_type, event.object_id) == ("transcript_export", "person", owner.id)
    assert event.after["years"] == [2026, 2025]


def test_nobody_without_the_permission_and_nobody_about_another(owner: Person) -> None:
    add(owner, Category.GENERAL, "8")
    recompute()
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
        other = factories.create_person(session)
    with reading() as session, pytest.raises(PermissionDenied):
        transcripts.of_years(session, reviewer, [2026], KINDS)
    assert [chapter.entries for chapter in transcript(other, 2026).chapters] == [[]]


@pytest.mark.parametrize("character", ["\U0003134a", "🎓", "\u200d"])
def test_a_character_that_no_font_has_is_printed_as_its_code_point(owner: Person, character: str) -> None:
    with transaction() as session:
        session.get_one(Person, owner.id).name = f"王{character}"
    add(owner, Category.GENERAL, "8", title=f"测{character}绘")
    recompute()
    said = transcript(owner, 2026)
    shown = f"〔U+{ord(character):04X}〕"
    assert (said.name, said.chapters[0].entries[0].title) == (f"王{shown}", f"测{shown}绘")
    assert f"测{shown}绘" in "".join(reading_back.pages(transcripts.render(said)))


def test_hours_of_a_class_were_let_count_by_its_provider() -> None:
    taught, (enrolment,) = over.new((True, True))
    completion.post(transaction, taught.trainer, taught.course_class.id)
    recompute()
    with reading() as session:
        owner = session.get_one(Person, enrolment.person_id)
    year = taught.course_class.year
    assert year is not None
    (entry,) = transcript(owner, year).chapters[0].entries
    assert (entry.title, entry.confirmed_by) == (taught.course_class.name, taught.provider.name)


def test_a_reduced_requirement_is_named_with_the_reduction_and_not_its_reason(owner: Person) -> None:
    add(owner, Category.GENERAL, "8")
    recompute()
    with transaction() as session:
        person = session.get_one(Person, owner.id)
        employer = session.scalars(select(Organisation)).first()
        assert employer
        hours = {Category.PROFESSIONAL: Decimal("20.5")}
        create_exemption(session, person, employer, status=ExemptionStatus.GRANTED, hours=hours, year=2026)
    text = "".join(reading_back.pages(transcripts.render(transcript(owner, 2026))))
    assert "规定学时经批准减免：专业20.5。" in text.replace(" ", "")
    assert "专业科目21.5" in text.replace(" ", "")
    assert "住院" not in text

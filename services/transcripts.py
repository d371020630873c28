"""学时明细: every record that the official figures count, printed for whoever earned the hours."""

from collections.abc import Collection, Mapping, Sequence
from io import BytesIO

from sqlalchemy.orm import Session

from db.claims import ActivityType, Category, ClaimSource
from db.people import Person
from db.settings import settings
from services import clock, rules, signing, standing, statements
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.explanation import ClaimedHours, Record
from services.pdf import transcript_page
from services.pdf.statement import Hours
from services.pdf.transcript import Chapter, Entry, Transcript
from services.permissions import Actor, Permission, require
from services.spellings import readable
from services.standing import Overview, YearStanding
from services.statements import CATEGORY_NAMES

# What each type of activity is called on paper.
Kinds = Mapping[ActivityType, str]


class FiguresDiffer(DomainError):
    message = N_("%(year)s 年度的学时记录与官方统计暂不一致，请在下次官方统计后再打印学时明细。")


def printable(overview: Overview) -> dict[int, FiguresDiffer | None]:
    """The years with records that the official figures count, newest first, each with what it is refused for now."""
    counted = {year: records for year, records in overview.records.items() if any(each.counted for each in records)}
    return {year: _refusal(overview.years[year], records) for year, records in counted.items()}


def _refusal(of_year: YearStanding, records: Sequence[Record]) -> FiguresDiffer | None:
    return None if _add_up(of_year, records) else FiguresDiffer(year=of_year.year)


def _add_up(of_year: YearStanding, records: Sequence[Record]) -> bool:
    """To the official figures of each category."""
    hours = dict.fromkeys(Category, rules.NONE)
    for each in records:
        hours[each.of.category] += each.counted
    return all(hours[line.category] == line.earned for line in of_year.official)


def of_years(session: Session, actor: Actor, years: Collection[int], kinds: Kinds) -> Transcript:
    """Newest year first. Raises NotFound without official figures of these years, FiguresDiffer."""
    require(actor, Permission.CERTIFICATE_PRINT)
    overview = standing.overview(session, actor)
    person = session.get_one(Person, actor.person_id)
    chosen = {year: overview.years[year] for year in sorted(set(years), reverse=True) if year in overview.years}
    run = next((of_year.run for of_year in chosen.values()), None)
    if run is None or run.finished_at is None or len(chosen) < len(set(years)):
        raise NotFound
    employer = statements.present_employer(session, person.id)
    return Transcript(
        name=readable(person.name),
        id_number_masked=person.id_number_masked,
        employer=readable(employer.name) if employer else "",
        run=run.id,
        computed_at=clock.local(run.finished_at),
        chapters=[_chapter(of_year, overview.records[year], kinds) for year, of_year in chosen.items()],
        printed_on=clock.today(),
        issuer=settings().issuer or None,
    )


def note_export(session: Session, actor: Actor, transcript: Transcript) -> None:
    """Who takes it along; it is his own, as `of_years` gave it."""
    require(actor, Permission.CERTIFICATE_PRINT)
    said = {"years": [chapter.year for chapter in transcript.chapters], "run": transcript.run}
    record(session, actor, "transcript_export", session.get_one(Person, actor.person_id), after=said)


def _chapter(of_year: YearStanding, records: Sequence[Record], kinds: Kinds) -> Chapter:
    """In the order of the activities. Raises FiguresDiffer."""
    if refusal := _refusal(of_year, records):
        raise refusal
    counting = sorted((record.of for record in records if record.counted), key=lambda of: (of.start_on, of.claim_id))
    lines = {
        CATEGORY_NAMES[line.category]: Hours(line.required, line.earned, line.exempted) for line in of_year.official
    }
    entries = [_entry(each, kinds) for each in counting]
    return Chapter(of_year.year, entries, lines, statements.exemption_note(of_year.official))


def _entry(said: ClaimedHours, kinds: Kinds) -> Entry:
    """The hours of a class were let count by its provider."""
    return Entry(
        start_on=said.start_on,
        end_on=said.end_on,
        title=readable(said.title),
        kind=kinds[said.activity_type],
        category=CATEGORY_NAMES[said.category],
        hours=said.hours_awarded or rules.NONE,
        confirmed_by=readable(said.organiser if said.source is ClaimSource.CLASS else said.employer or ""),
    )


def render(transcript: Transcript) -> bytes:
    """Signed. Raises NoSigningKeys, UnfitKeys."""
    with BytesIO() as file:
        transcript_page.write(file, transcript, signing.sign_file)
        return file.getvalue()

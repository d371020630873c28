"""Which of our employers a row of an old system names, also when those were merged since."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.legacy import LegacyRow
from db.organisations import Organisation, OrganisationKind
from services import legacy_cells, legacy_settling

# More than any chain of mergers is long.
MOST_MERGERS = 10


def employers(session: Session, cores: Iterable[str]) -> dict[str, int]:
    """The employers that have these names, or into which those were merged; a name that several have is left out."""
    spelt = {spelling for core in cores if core for spelling in legacy_cells.employer_spellings(core)}
    named = select(Organisation.id, Organisation.name, Organisation.merged_into_id)
    named = named.where(Organisation.kind == OrganisationKind.EMPLOYER, Organisation.name.in_(spelt))
    found: dict[str, set[int]] = {}
    merged: dict[int, int] = {}
    for number, name, into in session.execute(named):
        found.setdefault(legacy_cells.employer_core(name), set()).add(number)
        if into is not None:
            merged[number] = into
    now = _today(session, merged)
    today = {core: {now.get(number, number) for number in numbers} for core, numbers in found.items()}
    return {core: next(iter(numbers)) for core, numbers in today.items() if len(numbers) == 1}


def _today(session: Session, merged: Mapping[int, int]) -> Mapping[int, int]:
    """What each has become; one that absorbed it may have been absorbed itself."""
    for _ in range(MOST_MERGERS):
        ids = set(merged.values())
        gone = select(Organisation.id, Organisation.merged_into_id)
        gone = gone.where(Organisation.id.in_(ids), Organisation.merged_into_id.is_not(None))
        further = {number: into for number, into in session.execute(gone) if into is not None} if ids else {}
        if not further:
            break
        merged = {number: further.get(into, into) for number, into in merged.items()}
    return merged


def follow_merger(session: Session, gone: Organisation, kept: Organisation) -> None:
    """The rows of an employer that was merged are those of the one that took it in."""
    rows = update(LegacyRow).where(LegacyRow.organisation_id == gone.id)
    session.execute(rows.values(organisation_id=kept.id), execution_options={"synchronize_session": False})
    legacy_settling.settle(session, LegacyRow.organisation_id == kept.id)

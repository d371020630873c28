"""Two of the authority at the same case at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for

from sqlalchemy import select

from db import reading, transaction
from db.misconduct import MisconductAction, MisconductFile, MisconductStatus
from services import misconduct_files
from tests import factories
from tests.misconduct_cases import create_case, create_file
from tests.services.misconduct_steps import act
from tests.services.racing import refused

A_MOMENT = 1


def test_nobody_is_told_of_a_case_whose_only_proof_goes_at_the_same_moment() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        case = create_case(session, person, employer, status=MisconductStatus.INVESTIGATING)
        file = create_file(session, case)
        one, other = (factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2))
    with ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            act(session, one, case, MisconductAction.NOTIFY)
            removing = threads.submit(refused, lambda session: misconduct_files.remove(session, other, file.id))
            wait_for([removing], timeout=A_MOMENT)
        assert removing.result()
    with reading() as session:
        assert session.scalars(select(MisconductFile.id)).all() == [file.id]

"""A city to look at from above: two districts, their employers and what the staff has learned, added up."""

from dataclasses import dataclass
from decimal import Decimal

from db import reading, transaction
from db.accounts import Account
from db.claims import ActivityType, Category, ClaimStatus
from db.organisations import Organisation
from services import dashboard_run, statistics
from services.permissions import SYSTEM
from tests import factories

PROVINCE, CITY, DISTRICT, NEIGHBOUR, EMPTY = "440000", "441200", "441202", "441203", "441204"
OTHER_CITY, OTHER_DISTRICT, OTHER_NEIGHBOUR = "445200", "445202", "445203"
ELSEWHERE = "440104"
HOSPITAL, SCHOOL, MUSEUM = "云上桥人民医院", "云上桥第一中学", "星湖博物馆"
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


@dataclass(frozen=True, slots=True)
class City:
    """A hospital and a school in one district, a museum in the other, and a supervisor of the whole city."""

    hospital: Organisation
    school: Organisation
    museum: Organisation
    supervisor: Account


def create_city(code: str = CITY, district: str = DISTRICT, neighbour: str = NEIGHBOUR) -> City:
    """In the hospital one of two has learned enough, in the school nobody, in the museum everybody."""
    with transaction() as session:
        hospital = factories.create_employer(session, name=HOSPITAL, division=district)
        school = factories.create_employer(session, name=SCHOOL, division=district)
        museum = factories.create_employer(session, name=MUSEUM, division=neighbour)
        for employer, full in ((hospital, True), (hospital, False), (school, False), (museum, True)):
            person = factories.create_person(session, employer=employer)
            for category, hours in FULL.items() if full else []:
                factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
            factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        lecture = factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal("4.5"))
        lecture.activity_type = ActivityType.LECTURE
        supervisor = factories.create_supervisor(session, code)
    return City(hospital, school, museum, supervisor)


def create_added_up() -> City:
    city = create_city()
    add_up()
    return city


def add_up() -> None:
    statistics.recompute(transaction, SYSTEM)
    dashboard_run.make(reading, transaction, SYSTEM)

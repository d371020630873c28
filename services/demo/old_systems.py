"""What the demo's analyst has imported: an old system's certificates and records with the usual dirt."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import time
from functools import partial
from itertools import chain, count

from sqlalchemy.orm import Session

from db.legacy import LegacyKind
from services import legacy_files, legacy_imports, legacy_reception
from services.clock import moment
from services.demo.cast import Cast, Office, Professional
from services.demo.dates import Calendar
from services.demo.story import Story
from services.legacy_reception import Delivery

SYSTEM = "南都省继续教育旧系统"
AFTERNOON = time(15, 20)
DAYS_AGO = 20
YEARS = range(2012, 2019)
CERTIFICATES = (
    *("证书编号", "年度", "姓名", "身份证号", "出生年份", "工作单位"),
    *("公需学时", "专业学时", "选修学时", "合计", "审核状态"),
)
RECORDS = ("姓名", "身份证号", "单位名称", "年度", "类别", "课程名称", "学时", "开始时间", "结束时间", "审核状态")
FULL = (18, 42, 12)
COURSES = (("公需课", "创新驱动与高质量发展", 18), ("专业课", "岗位专业能力提升", 42), ("选修课", "职业素养", 12))
# Who has left long ago: nobody of them is registered, and their rows say no ID number.
SURNAMES, GIVEN_NAMES = "赵钱孙李周吴郑王冯陈", ("建国", "秀英", "志强", "桂兰", "德胜", "玉梅", "长河", "春花")
GONE = tuple(surname + given for surname in SURNAMES for given in GIVEN_NAMES)
THEIR_EMPLOYER, THEIR_YEARS = "晴山市国营农场", range(1998, 2012)
RECORDED_YEARS = 3  # the last ones of each
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class OldSystems:
    story: Story
    calendar: Calendar
    players: Cast

    def play(self) -> None:
        employed = [
            (person, office)
            for office, staff in zip(self.players.offices, self.players.staff, strict=True)
            for person in staff
        ]
        files = {
            LegacyKind.CERTIFICATE: ("历史证书.csv", [CERTIFICATES, *certificates(employed)]),
            LegacyKind.RECORD: ("学时记录.csv", [RECORDS, *records(employed)]),
        }
        at = moment(self.calendar.days_ago(DAYS_AGO), AFTERNOON)
        for kind, (name, rows) in files.items():
            self.story.add(at, partial(self._import, kind=kind, name=name, rows=rows))

    def _import(self, session: Session, *, kind: LegacyKind, name: str, rows: Sequence[Row]) -> None:
        analyst = self.players.analyst.actor
        written = io.StringIO()
        csv.writer(written).writerows(rows)
        file = legacy_files.check(name, io.BytesIO(written.getvalue().encode("gb18030")))
        session.flush()
        importing = legacy_reception.receive(lambda: nullcontext(session), analyst, Delivery(SYSTEM, file, kind))
        legacy_imports.run(lambda: nullcontext(session), analyst, importing.id)
        session.expire_all()  # rows were written past the objects that the session knows


def certificates(employed: Sequence[tuple[Professional, Office]]) -> Iterator[Row]:
    """Some rows say no number, some were typed wrong, and some stand there twice."""
    serials = count(1)
    for (person, office), year in ((who, year) for who in employed for year in YEARS):
        serial = next(serials)
        born = int(person.id_number[6:10])
        number = "" if serial % 17 == 0 else person.id_number
        hours = FULL if serial % 11 else (18, 36, 12)
        written = f"{year}年" if serial % 5 else year
        row = (*_named(serial, year), written, person.name, number, born, office.organisation)
        whole = (*row, *hours, sum(hours), "合格")
        yield whole
        if serial % 60 == 0:
            yield whole
        if serial % 90 == 0:
            yield (*_named(next(serials), year), f"{year % 100}", *row[3:], *hours, sum(hours) + 9, "合格")
    for place, name in enumerate(GONE):
        for year in THEIR_YEARS:
            row = (*_named(next(serials), year), year, name, "", 1950 + place % 20, THEIR_EMPLOYER)
            yield (*row, *FULL, sum(FULL), "合格")


def _named(serial: int, year: int) -> tuple[str]:
    return (f"旧{year}{serial:06d}",)


def records(employed: Sequence[tuple[Professional, Office]]) -> Iterator[Row]:
    """Of the last years; one of a day holds more hours than a day has, and some were not let pass."""
    serials = count(1)
    here = ((person.name, person.id_number, office.organisation, YEARS) for person, office in employed)
    gone = ((name, "", THEIR_EMPLOYER, THEIR_YEARS) for name in GONE)
    for *who, years in chain(here, gone):
        for year in years[-RECORDED_YEARS:]:
            for place, (category, title, hours) in enumerate(COURSES):
                serial = next(serials)
                ends = 3 + place if serial % 40 == 0 else 25
                days = f"{year}.{5 + place}.3", f"{year}.{5 + place}.{ends}"
                result = "不通过" if serial % 50 == 0 else "通过"
                yield (*who, year, category, title, f"{hours}学时", *days, result)

"""The columns of a list of staff that an employer uploads."""

from functools import partial

from db.people import TitleLevel, TitleSeries
from services import fields, identity, people, registration, spreadsheet_cells
from services.errors import N_
from services.spreadsheet_cells import Value, halfwidth, text
from services.spreadsheets import Column

TITLE_SERIES = N_("职称系列")
TITLE_LEVEL = N_("职称级别")
STARTED_ON = N_("到岗日期")


def _name(value: Value) -> str:
    return registration.person_name(text(value))


def _phone(value: Value) -> str:
    return fields.phone(people.MOBILE, halfwidth(value))


def _email(value: Value) -> str:
    return fields.email(people.EMAIL, halfwidth(value))


def _text(title: str, value: Value) -> str:
    return fields.optional_text(title, text(value))


COLUMNS = (
    Column(registration.NAME, _name, required=True),
    Column(identity.ID_NUMBER, spreadsheet_cells.id_number, required=True),
    Column(people.MOBILE, _phone, required=True),
    Column(people.EMAIL, _email),
    Column(people.DEPARTMENT, partial(_text, people.DEPARTMENT)),
    Column(TITLE_SERIES, text, choices=TitleSeries),
    Column(TITLE_LEVEL, text, choices=TitleLevel),
    Column(people.TITLE_NAME, partial(_text, people.TITLE_NAME)),
    Column(STARTED_ON, partial(spreadsheet_cells.past_day, STARTED_ON)),
)

"""What an organisation says about itself, and what every field of it must look like."""

from dataclasses import dataclass

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from db.organisations import OrganisationKind
from services import divisions, fields
from services.errors import N_, InvalidField

USCC = N_("统一社会信用代码")
NAME = N_("单位名称")
DIVISION = N_("行政区划")
CONTACT = N_("联系人")
PHONE = N_("联系电话")
LABELS = {"uscc": USCC, "name": NAME, "division": DIVISION, "contact_name": CONTACT, "contact_phone": PHONE}


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that an organisation is asked for when it registers."""

    uscc: str
    name: str
    division: str
    kind: OrganisationKind
    contact_name: str
    contact_phone: str


def checked(application: Application) -> Application:
    """The same application in its standard form. Raises InvalidField for the first field that is wrong."""
    return Application(
        division=checked_division(application.division),
        uscc=checked_uscc(application.uscc),
        name=fields.required_text(NAME, application.name),
        kind=application.kind,
        contact_name=fields.required_text(CONTACT, application.contact_name),
        contact_phone=fields.phone(PHONE, application.contact_phone),
    )


def checked_division(code: str) -> str:
    if not divisions.can_be_chosen(code):
        raise InvalidField(DIVISION, N_("请选择现行的行政区划。"))
    return code


def checked_uscc(text: str) -> str:
    try:
        return uscc.validate(text)
    except ValidationError:
        raise InvalidField(USCC, N_("应为18位且校验位正确，请对照营业执照或法人证书核对。")) from None

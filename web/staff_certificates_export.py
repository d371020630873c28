"""The certificates of an employer's staff as one file, sent while it is made."""

from collections.abc import Collection, Mapping
from functools import partial

from db import reading, transaction
from services import certificate_delivery, fields, staff_certificates
from services.permissions import Actor
from services.staff_certificates import Form
from web import years
from web.download import PDF, ZIP, Download, address
from web.filters import YEAR
from web.i18n import _

EXPORT, FORM, CHOSEN = "staff-certificates", "form", "chosen"


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    form = Form.ZIP if parameters.get(FORM) == Form.ZIP else Form.PDF
    year = years.year(parameters.get(YEAR, "")) or 0
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, actor, year, form, _chosen(parameters.get(CHOSEN)))
    read = partial(staff_certificates.read, actor)
    if form is Form.ZIP:
        name = _("%(year)s年度继续教育证书.zip") % {"year": year}
        return Download(name, certificate_delivery.archive(reading, read, numbers), ZIP)
    name = _("%(year)s年度继续教育证书.pdf") % {"year": year}
    return Download(name, certificate_delivery.booklet(reading, read, numbers), PDF)


def _chosen(text: str | None) -> list[int] | None:
    """Whom the address names; everybody if it names nobody."""
    if text is None:
        return None
    return [number for number in map(fields.row_number, text.split("-")) if number is not None]


def file(year: int, form: Form, chosen: Collection[int] | None) -> str:
    """Where the link leads that downloads it."""
    numbers = {} if chosen is None else {CHOSEN: "-".join(map(str, chosen))}
    return address(EXPORT, year=year, form=form, **numbers)

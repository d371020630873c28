"""The certificates of several years in one file, for their holder."""

from collections.abc import Mapping

from db import transaction
from services import bound_certificates
from services.permissions import Actor
from web import years
from web.download import PDF, Download
from web.i18n import _

EXPORT = "certificates"


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    with transaction() as session:
        bound = bound_certificates.take(session, actor, years.years(parameters))
    name = _("继续教育证书_%(years)s.pdf") % {"years": years.joined(each.year for each in bound)}
    return Download(name, bound_certificates.render(bound), PDF)

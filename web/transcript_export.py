"""学时明细: the records that the official figures of some years count, for their owner."""

from collections.abc import Mapping

from db import reading, transaction
from db.claims import ActivityType
from services import transcripts
from services.permissions import Actor
from web import years
from web.download import PDF, Download
from web.i18n import DEFAULT, _, speaking
from web.labels import word

EXPORT = "transcript"


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    """In Chinese, whatever its reader speaks: it is for an authority."""
    chosen = years.years(parameters)
    with speaking(DEFAULT):
        kinds = {each: word(each) for each in ActivityType}
    with reading() as session:
        transcript = transcripts.of_years(session, actor, chosen, kinds)
    with transaction() as session:
        transcripts.note_export(session, actor, transcript)
    name = _("学时明细_%(years)s.pdf") % {"years": years.joined(chosen)}
    return Download(name, transcripts.render(transcript), PDF)

"""The events that were looked for, as a workbook."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from db import reading, transaction
from db.events import Event
from services import event_log, workbooks
from services.clock import today
from services.permissions import Actor
from services.workbooks import Content, Heading, Sheet
from web import event_list, event_words
from web.download import Download
from web.i18n import _


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    wanted, sheet, cells = event_list.asked(parameters), Sheet(_("操作日志"), list(_headings())), _cells()
    with transaction() as session:
        event_log.note_export(session, actor, wanted)
    with reading() as session:
        content = workbooks.workbook(sheet, map(cells, event_log.everything(session, actor, wanted)))
    return Download(_("操作日志_%(day)s.xlsx") % {"day": today()}, content)


def _headings() -> Iterator[Heading]:
    yield Heading(_("编号"), 10)
    yield Heading(_("时间"), 18)
    yield Heading(_("操作人"))
    yield Heading(_("操作"), 24)
    yield Heading(_("对象"), 18)
    yield Heading(_("对象编号"), 10)
    yield Heading(_("操作前"), 40)
    yield Heading(_("操作后"), 40)
    yield Heading(_("网络地址"), 18)


def _cells() -> Callable[[Event], Sequence[Content]]:
    """The words are looked up once, before the rows are read."""
    actions = event_words.all_actions()
    things = {code: event_words.thing(code) for code in event_words.THINGS}

    def cells(event: Event) -> Sequence[Content]:
        done, thing = actions.get(event.action, event.action), things.get(event.object_type, event.object_type)
        before, after = event_log.as_text(event.before), event_log.as_text(event.after)
        return [event.id, event.at, event.actor_name, done, thing, event.object_id, before, after, event.address]

    return cells

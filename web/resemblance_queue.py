"""The supervisor's pairs of organisations that may be one and the same."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.organisations import Organisation
from db.resemblances import Resemblance, ResemblanceStatus
from services import divisions, resemblances
from services.permissions import Actor
from web import filters, pause, worklist
from web.command import command
from web.i18n import _
from web.labels import badge_text, word
from web.merger_form import draw_merger
from web.organisation_view import draw_facts
from web.text import escape_markdown

LIST = "resemblances"
OFFERED = list(ResemblanceStatus)


def draw(actor: Actor) -> None:
    status, named, after = filters.status(OFFERED), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = resemblances.counts(session, actor)
        found = resemblances.queue(session, actor, status=status, after_id=after)
        pair = resemblances.opened(session, actor, found, named)
    filters.draw_status(OFFERED, status, counts)
    _draw_list(found, pair, status)
    if pair is not None:
        filters.remember_opened(LIST, pair.id)
        _draw_pair(actor, pair)


def _draw_list(found: Sequence[Resemblance], opened: Resemblance | None, status: ResemblanceStatus) -> None:
    if found:
        worklist.draw({each.id: _row(each) for each in found}, opened.id if opened else None, alt=_("名称相近的单位"))
        worklist.draw_pages(len(found), resemblances.PAGE_SIZE, found[-1].id)
    elif status is ResemblanceStatus.OPEN:
        st.success(
            _("没有待核对的单位。同一城市内有名称相近的单位注册或更名后，会出现在这里。"), icon=":material/task_alt:"
        )
    else:
        st.caption(_("没有“%(status)s”的记录。") % {"status": word(status)})


def _row(pair: Resemblance) -> dict[str, object]:
    return {
        _("先注册的单位"): pair.first.name,
        _("后注册的单位"): pair.second.name,
        _("单位类型"): word(pair.first.kind),
        _("先注册单位的行政区划"): divisions.name(pair.first.division),
        _("后注册单位的行政区划"): divisions.name(pair.second.division),
    }


def _draw_pair(actor: Actor, pair: Resemblance) -> None:
    for column, organisation in zip(st.columns(2), (pair.first, pair.second), strict=True):
        with column:
            _draw_organisation(organisation)
    _draw_answer(actor, pair)
    draw_merger(actor, pair.first, pair.second)


def _draw_answer(actor: Actor, pair: Resemblance) -> None:
    if pair.status is ResemblanceStatus.OPEN:
        label, wanted, done = _("不是同一单位"), ResemblanceStatus.DIFFERENT, _("已记下：不是同一单位。")
    else:
        label, wanted, done = _("重新核对"), ResemblanceStatus.OPEN, _("已重新列入待核对。")
    if st.button(label, key=f"resemblance_{pair.id}_{pair.status}", disabled=pause.is_on()):
        with command(done, before_redraw=pause.begin) as session:
            resemblances.set_status(session, actor, pair.id, wanted)


def _draw_organisation(organisation: Organisation) -> None:
    st.markdown(f"**{escape_markdown(organisation.name)}** {badge_text(organisation.status)}")
    draw_facts(organisation)

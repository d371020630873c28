"""The people of one employer who may not meet the year, shown after a look at their names is in the log."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from services import people_at_risk
from services.errors import DomainError
from services.people_at_risk import PersonAtRisk
from services.permissions import Actor
from services.rules import plain
from web import filters, tables, worklist
from web.command import command, refuse
from web.i18n import _
from web.labels import word

SHOWN = "people"


def draw(actor: Actor, organisation_id: int, count: int) -> None:
    if not count:
        st.success(_("预测没有可能不达标的人员。"), icon=":material/check:")
        return
    if st.query_params.get(SHOWN) != "1":
        st.button(
            _("查看可能不达标的人员（%(count)s）") % {"count": count},
            icon=":material/visibility:",
            help=_("显示姓名和缺少的学时，每次查看都会记入操作日志。"),
            on_click=filters.show,
            kwargs={SHOWN: 1},
        )
        return
    with reading() as session:
        noted = people_at_risk.is_noted(session, actor, organisation_id)
    if not noted:
        with command(_("本次查看已记入操作日志。"), stay=True) as session:
            people_at_risk.note(session, actor, organisation_id)
    after = filters.after()
    try:
        with reading() as session:
            people = people_at_risk.page(session, actor, organisation_id, after_id=after)
    except DomainError as refusal:
        refuse(refusal)
        return
    _draw_people(people)


def _draw_people(people: Sequence[PersonAtRisk]) -> None:
    st.markdown(_("**可能不达标的人员**：达标概率低于一半，缺学时多的在前。"))
    if not people:
        st.info(_("预测之后他们都已达标或离开。"), icon=":material/check:")
        return
    tables.draw([_row(person) for person in people], alt=_("可能不达标的人员"))
    worklist.draw_pages(len(people), people_at_risk.PAGE_SIZE, people[-1].binding_id)


def _row(person: PersonAtRisk) -> dict[str, object]:
    lacking = {_("缺%(category)s") % {"category": word(line.category)}: line for line in person.hours}
    return {
        _("姓名"): person.name,
        _("证件号码"): person.id_number_masked,
        _("还差学时"): plain(person.missing),
        **{name: plain(line.missing) if line.missing else "" for name, line in lacking.items()},
        _("达标概率（%）"): round(100 * person.probability),
    }

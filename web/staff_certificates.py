"""批量打印证书: issue what is missing with a bar that follows it, then one file for all."""

from collections.abc import Collection, Sequence
from functools import partial

import streamlit as st

from db import reading, transaction
from services import staff_certificates
from services.errors import DomainError
from services.one_by_one import Outcome
from services.permissions import Actor
from services.progress import Member, Totals
from services.staff_certificates import Form
from web import pause, refusals, staff_certificates_export
from web.command import refuse, undisturbed
from web.facts import with_label
from web.i18n import _, explain
from web.long_work import following
from web.text import escape_markdown

# How many were printed, and a line for each that was not; stays until it was read.
RESULT = "staff_certificates_result"
MOST_LINES = 100


def draw(actor: Actor, year: int, totals: Totals, marked: Sequence[Member]) -> None:
    """For those who are marked in the list, or else for the whole staff."""
    st.header(_("证书"), anchor=False)
    _draw_result()
    chosen = [member.binding_id for member in marked] or None
    printed = [member.binding_id for member in marked if member.has_certificate]
    printable = len(marked) - len(printed) if marked else totals.printable
    st.caption(_scope(year, len(marked)))
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("批量打印证书"),
            icon=":material/print:",
            type="primary" if printable else "secondary",
            disabled=pause.is_on() or not printable,
        )
        _draw_links(year, len(printed) if marked else totals.printed, printed if marked else None)
    if pressed:
        _issue(actor, year, chosen)


def _scope(year: int, marked: int) -> str:
    said = {"year": year, "count": marked}
    if marked:
        return _("为所选的 %(count)s 人打印 %(year)s 年度证书。已有有效证书的不会重复签发。") % said
    return (
        _("为全部已达标人员打印 %(year)s 年度证书，在名单左侧勾选后只为所选的打印。已有有效证书的不会重复签发。") % said
    )


def _draw_links(year: int, count: int, chosen: Collection[int] | None) -> None:
    if not count:
        return
    pdf = _("下载合并的 PDF（%(count)s 份）") % {"count": count}
    archive = _("下载压缩包（%(count)s 份，每人一个文件）") % {"count": count}
    st.link_button(pdf, staff_certificates_export.file(year, Form.PDF, chosen), icon=":material/picture_as_pdf:")
    st.link_button(archive, staff_certificates_export.file(year, Form.ZIP, chosen), icon=":material/folder_zip:")


def _issue(actor: Actor, year: int, chosen: Collection[int] | None) -> None:
    try:
        with following(_("正在打印证书…")) as show:
            outcomes = staff_certificates.issue(transaction, actor, year, chosen, show)
        result = _result(actor, outcomes)
    except DomainError as refusal:
        refusals.note(refusal)
        refuse(refusal)
    else:
        undisturbed(partial(_note, result))
        st.rerun()


def _note(result: tuple[int, list[str]]) -> None:
    st.session_state[RESULT] = result
    pause.begin()


def _result(actor: Actor, outcomes: Sequence[Outcome]) -> tuple[int, list[str]]:
    refused = {outcome.number: outcome.refusal for outcome in outcomes if outcome.refusal}
    with reading() as session:
        names = staff_certificates.names(session, actor, list(refused))
    unknown = _("已离职人员")
    lines = [with_label(names.get(number, unknown), explain(refusal)) for number, refusal in refused.items()]
    return len(outcomes) - len(refused), lines


def _draw_result() -> None:
    if RESULT not in st.session_state:
        return
    printed, refused = st.session_state[RESULT]
    with st.container(border=True):
        if printed:
            st.success(_("已打印 %(count)s 份证书，可以下载。") % {"count": printed}, icon=":material/task_alt:")
        if refused:
            _draw_refused(refused)
        st.button(_("知道了"), key="staff_certificates_read", on_click=_dismiss)


def _draw_refused(refused: Sequence[str]) -> None:
    head = _("以下 %(count)s 人没有打印，原因如下：") % {"count": len(refused)}
    lines = [f"- {escape_markdown(line)}" for line in refused[:MOST_LINES]]
    if len(refused) > MOST_LINES:
        lines.append(_("- 另有 %(count)s 人") % {"count": len(refused) - MOST_LINES})
    said = "\n".join((head, "", *lines))
    st.error(said, icon=":material/error:")


def _dismiss() -> None:
    st.session_state.pop(RESULT, None)

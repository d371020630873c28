"""What people miss in the old systems' data: a list, and one report open with its evidence and where it may be."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from db import reading
from db.files import StoredFile
from db.legacy import LegacyKind, LegacyMatch, LegacyRow
from db.missing_records import MissingRecord, MissingRecordStatus
from services import missing_records
from services.missing_records import ANSWERS, Answer
from services.permissions import Actor
from web import filters, legacy_row, pause, worklist
from web.command import command
from web.decision_form import draw_decision_form
from web.evidence_viewer import draw_files
from web.i18n import _
from web.labels import badge_text, word
from web.missing_record_view import FILES, answered, hours_of, said, title_of
from web.navigation import link
from web.text import escape_markdown
from web.times import local_time

LIST = "missing"
PAGE = "analyst/reconciliation"
# Where a row may stand that nobody has found yet, likeliest first.
SEARCHED = (LegacyMatch.AMBIGUOUS, LegacyMatch.ORPHAN, LegacyMatch.MATCHED)


def draw(actor: Actor) -> None:
    status, named, after = filters.status(list(MissingRecordStatus)), filters.opened(LIST), filters.after()
    text = filters.text()
    with reading() as session:
        counts = missing_records.counts(session, actor)
        found = missing_records.queue(session, actor, status=status, text=text, after_id=after)
        report = missing_records.open_report(session, actor, found, named)
        rows = missing_records.rows_about(session, actor, report) if report else []
    filters.draw_status(list(MissingRecordStatus), status, counts)
    filters.draw_text(_("查找当事人"), _("姓名中的字"))
    _draw_list(found, report, text)
    if report is None:
        return
    filters.remember_opened(LIST, report.id)
    st.header(f"{escape_markdown(report.person.name)} {badge_text(report.status)}", anchor=False)
    evidence, answer = st.columns([3, 2])
    with evidence:
        draw_files(FILES, report.files, lambda session, reader: _files(session, reader, report.id))
    with answer:
        _draw_said(report)
        _draw_answer(actor, report, rows)
    _draw_rows(report, rows)


def _files(session: Session, actor: Actor, report_id: int) -> Sequence[StoredFile]:
    return missing_records.get(session, actor, report_id).files


def _draw_list(found: Sequence[MissingRecord], report: MissingRecord | None, text: str) -> None:
    if found:
        rows = {each.id: _row(each) for each in found}
        worklist.draw(rows, report.id if report else None, alt=_("缺失申报"))
        worklist.draw_pages(len(found), missing_records.PAGE_SIZE, found[-1].id)
    elif text:
        st.info(_("没有找到符合条件的申报，请放宽条件。"), icon=":material/search_off:")
    else:
        st.caption(_("这里没有申报。人员在历史查询中找不到自己的数据时可以申报，之后会出现在“待答复”。"))


def _row(report: MissingRecord) -> dict[str, object]:
    return {
        _("姓名"): report.person.name,
        _("内容"): word(report.kind),
        _("年度"): report.year,
        _("证书编号或活动名称"): title_of(report),
        _("学时"): hours_of(report),
        _("当时的工作单位"): report.employer,
        _("申报时间"): local_time(report.reported_at),
    }


def _draw_said(report: MissingRecord) -> None:
    what = f"**{word(report.kind)} · {_('%(year)s 年度') % {'year': report.year}}**"
    person = f":gray[{escape_markdown(report.person.id_number_masked)} · {report.person.birth_date.year}]"
    st.markdown("  \n".join([what, person, *said(report), *answered(report)]))


def _draw_answer(actor: Actor, report: MissingRecord, rows: Sequence[LegacyRow]) -> None:
    possible = missing_records.possible_actions(actor, report)
    actions = [action for action in ANSWERS if action in possible]
    if not actions:
        return
    key = f"{report.id}_{report.version}"
    his = {row.id: _told(row) for row in rows if missing_records.can_be_it(report, row)}
    row_id = None
    if his:
        row_id = st.selectbox(
            _("找到的一行"),
            list(his),
            index=None,
            format_func=his.__getitem__,
            key=f"row_{key}",
            placeholder=_("已匹配到本人的一行，可不选"),
        )
    pressed, opinion = draw_decision_form(key, actions, _("未找到，或没有选择一行时必填，本人会看到。"))
    for action in pressed:
        act = partial(missing_records.answer, given=Answer(action, opinion, row_id), seen=report.version)
        with command(_("已答复：%(action)s") % {"action": word(action)}, before_redraw=pause.begin) as session:
            act(session, actor, report.id)


def _draw_rows(report: MissingRecord, rows: Sequence[LegacyRow]) -> None:
    """The rows with the person's name or number, and where to look for others."""
    st.markdown(f"**{_('可能是它的历史数据')}**")
    if not rows:
        st.caption(_("前后一年内没有同名或同证件号码的历史数据。可以按编号或姓名在全部数据中查找，或先导入有关文件。"))
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            is_it = f" :green-badge[{_('答复中的一行')}]" if row.key and row.key == report.row_key else ""
            badge = badge_text(row.matching) if row.matching else ""
            told = f"{badge}{is_it} {escape_markdown(_told(row))}  \n:gray[{escape_markdown(legacy_row.source(row))}]"
            st.markdown(told, width="stretch")
            link(PAGE, label=_("核对"), icon="open_in_new", view=_address(row.matching, id=str(row.id)))
    with st.container(horizontal=True):
        for text in filter(None, (report.title if report.kind is LegacyKind.CERTIFICATE else "", report.person.name)):
            for matching in SEARCHED:
                label = _("在“%(status)s”中查找：%(text)s") % {"status": word(matching), "text": escape_markdown(text)}
                link(PAGE, label=label, icon="search", view=_address(matching, text=text))


def _address(matching: LegacyMatch | None, **more: str) -> Mapping[str, str]:
    return {filters.VIEW: "rows", filters.STATUS: matching or "", **more}


def _told(row: LegacyRow) -> str:
    told = (str(row.year), row.number or row.title, row.name, row.employer, legacy_row.hours(row))
    return " · ".join(filter(None, told))

"""A row of an old system as an analyst sees it: what it says, where it comes from, what was decided about it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.claims import Category
from db.legacy import LegacyKind, LegacyRow
from db.legacy_decisions import LegacyDecision
from services.rules import plain
from web.facts import draw_facts, with_label
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time


def row_in_list(row: LegacyRow) -> Mapping[str, object]:
    return {
        _("姓名"): row.name,
        _("证件号码"): row.id_number_masked or _("无"),
        _("工作单位"): row.employer,
        _("年度"): row.year,
        _("内容"): word(row.kind),
        _("证书编号或活动名称"): row.number or row.title,
        _("学时"): plain(row.hours) if row.hours is not None else "",
        _("来源系统"): row.source.system.name,
    }


def draw(row: LegacyRow) -> None:
    """An exact duplicate says nothing of its own: what it says stands in the row that was kept."""
    heading = f"{escape_markdown(row.name) or word(row.kind)} {badge_text(row.matching) if row.matching else ''}"
    st.header(heading, anchor=False)
    st.caption(escape_markdown(source(row)))
    if not row.name:
        st.info(_("与先导入的一行完全相同，只保留了先导入的那一行。"), icon=":material/info:")
        return
    draw_facts(
        {
            _("证件号码"): row.id_number_masked or _("无"),
            _("出生年份"): str(row.birth_year or _("无")),
            _("工作单位"): row.employer or _("无"),
        }
    )
    draw_facts(
        {
            _("内容"): f"{word(row.kind)} · {row.year}",
            _("证书编号或活动名称"): " ".join(filter(None, (row.number, row.title))) or _("无"),
            _("学时"): hours(row),
            _("审核结果"): row.result or _("无"),
        }
    )


def source(row: LegacyRow) -> str:
    told = {"system": row.source.system.name, "file": row.source.file_name, "line": row.line}
    return _("来源：%(system)s，文件“%(file)s”第 %(line)s 行") % told


def hours(row: LegacyRow) -> str:
    """All together, and of the categories that the row tells."""
    told = {category: getattr(row, category.value) for category in Category}
    parts = [f"{word(category)} {plain(each)}" for category, each in told.items() if each is not None]
    total = plain(row.hours) if row.hours is not None else ""
    if not parts or row.kind is LegacyKind.RECORD:
        return total
    return _("%(total)s（%(parts)s）") % {"total": total, "parts": _("、").join(parts)}


def draw_history(decisions: Sequence[LegacyDecision]) -> None:
    if not decisions:
        return
    st.markdown(f"**{_('已作的决定')}**")
    for each in decisions:
        st.markdown("  \n".join(_said(each)))


def _said(each: LegacyDecision) -> list[str]:
    named = f" {each.person.name} {each.person.id_number_masked}" if each.person else ""
    confidence = f" {badge_text(each.confidence)}" if each.confidence else ""
    scope = f" · {_('同一人的全部各行')}" if each.alike else ""
    lines = [
        f"{badge_text(each.verdict)}{escape_markdown(named)}{confidence}{scope}",
        f":gray[{escape_markdown(each.decided_by_name)} · {local_time(each.decided_at)}]",
    ]
    if each.reason:
        lines.append(with_label(_("理由"), escape_markdown(each.reason)))
    if each.undone_at:
        undone = _("%(name)s 于 %(time)s 撤销") % {"name": each.undone_by_name, "time": local_time(each.undone_at)}
        lines.append(f":gray[{escape_markdown(undone)}] {escape_markdown(each.undo_reason)}")
    return lines

"""Every record of a year, with what it counts for, in words; and what would close what is missing."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.claims import Category
from db.classes import CourseClass
from services import divisions, explanation, rules
from services.explanation import Record, Verdict
from services.permissions import Actor
from services.rules import plain
from services.standing import YearStanding
from web.facts import with_label
from web.filters import CATEGORY
from web.i18n import _
from web.labels import word
from web.navigation import can_open, link
from web.text import escape_markdown
from web.times import local_time

MOST_CLASSES = 3  # of each category; the page of classes shows all


def draw_records(records: Sequence[Record], year: int) -> None:
    st.header(_("学时明细与是否计入"), anchor=False)
    if not records:
        st.caption(_("%(year)s 年度还没有学时记录。在“继续教育记录”中添加并送审，通过后计入学时。") % {"year": year})
        return
    ordered = sorted(records, key=lambda record: list(Verdict).index(record.verdict))
    st.dataframe(
        [_row(record) for record in ordered],
        hide_index=True,
        column_config={_("活动名称"): st.column_config.TextColumn(pinned=True)},
        alt=_("学时明细与是否计入"),
    )


def _row(record: Record) -> dict[str, object]:
    said = record.of
    return {
        _("活动名称"): said.title,
        _("计入"): plain(record.counted),
        _("是否计入"): word(record.verdict),
        _("原因"): why(record),
        _("学时类别"): word(said.category),
        _("申报"): plain(said.hours_claimed),
        _("开始日期"): f"{said.start_on}",
        _("办理单位"): said.employer or "",
        _("联系电话"): said.phone or "",
    }


def why(record: Record) -> str:
    """In one sentence, what the record counts for or who has it now; to be shown as plain text."""
    said = record.of
    if record.verdict in explanation.APPROVED and record.refused:
        cut = _("申报 %(claimed)s 学时，认定 %(awarded)s 学时") % {
            "claimed": plain(said.hours_claimed),
            "awarded": plain(said.hours_awarded or rules.NONE),
        }
        return with_label(cut, said.opinion) if said.opinion else cut
    sentences = {
        Verdict.COUNTS: _("已计入官方统计。"),
        Verdict.COUNTS_SOON: _("官方统计之后才通过，下次统计时计入。"),
        Verdict.WITH_EMPLOYER: _("等待“%(employer)s”审核。") % {"employer": said.employer},
        Verdict.WITH_SUPERVISOR: _("单位已通过，等待%(division)s主管部门认定。")
        % {"division": divisions.name(said.division or "")},
        Verdict.UNSENT: _("还没有送审。"),
    }
    return sentences.get(record.verdict) or _refusal(record)


def _refusal(record: Record) -> str:
    given = [word(record.of.reason)] if record.of.reason else []
    given += [record.of.opinion] if record.of.opinion else []
    return _("；").join(given) or word(record.verdict)


def draw_waiting(records: Sequence[Record], of_year: YearStanding) -> None:
    """With whom the records are that would close what is missing."""
    lacking = {line.category for line in of_year.official if not line.met}
    waiting = [each for each in records if each.verdict in explanation.WAITING and each.of.category in lacking]
    for record in waiting:
        hours = _("%(hours)s 学时") % {"hours": plain(record.of.hours_claimed)}
        parts = [word(record.of.category), record.of.title, hours, why(record)]
        if record.of.phone:
            parts.append(with_label(_("联系电话"), record.of.phone))
        st.caption(f":material/hourglass_top: {escape_markdown(' · '.join(parts))}")


def draw_classes(actor: Actor, of_year: YearStanding) -> None:
    """Asked for with a click, so that the page costs no more than it must."""
    if of_year.met or not can_open("personal/classes"):
        return
    if not st.toggle(_("查找可以补足所缺学时的培训班"), key=f"classes_for_{of_year.year}"):
        return
    with reading() as session:
        found = explanation.closing_what_is_missing(session, actor, of_year.year, of_year.official)
    _draw_found(found)


def _draw_found(found: Mapping[Category, Sequence[CourseClass]]) -> None:
    for category, classes in found.items():
        st.markdown(f"**{word(category)}**")
        for each in classes[:MOST_CLASSES]:
            hours = _("%(hours)s 学时") % {"hours": plain(each.hours or rules.NONE)}
            until = _("报名截止 %(time)s") % {"time": local_time(each.enrol_until)} if each.enrol_until else ""
            parts = (each.name, each.provider.name, hours, until)
            st.caption(f":material/school: {escape_markdown(' · '.join(part for part in parts if part))}")
        if not classes:
            st.caption(_("现在没有这一类可以报名的培训班；也可以学习后自行申报。"))
        else:
            link("personal/classes", label=_("查看全部并报名"), view={CATEGORY: category})

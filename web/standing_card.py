"""One category of a year on a card: the official figure, what is under way, and what is still missing."""

from datetime import datetime

import streamlit as st

from db.settings import settings
from services.rules import Standing, plain
from services.standing import LiveHours, YearStanding
from web import requirement_words
from web.i18n import N_, _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time

MET = N_("已达到要求")
NOT_MET = N_("还差 %(missing)s 学时")


def draw_summary(of_year: YearStanding) -> None:
    """The whole year in one sentence."""
    if of_year.met:
        text = _("%(year)s 年度三类学时均已达到要求，可以打印证书。") % {"year": of_year.year}
        st.success(text, icon=":material/verified:")
    else:
        missing = [
            f"{word(line.category)} {_('%(hours)s 学时') % {'hours': plain(line.missing)}}"
            for line in of_year.official
            if not line.met
        ]
        text = _("%(year)s 年度还差：%(missing)s") % {"year": of_year.year, "missing": _("、").join(missing)}
        st.info(text, icon=":material/flag:")


def draw_official(line: Standing) -> None:
    """Completed and required hours by the official statistics, with a bar."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{word(line.category)}**", width="content")
        draw_verdict(line)
    st.metric(
        _("已完成 / 要求（官方统计）"),
        _("%(earned)s / %(required)s 学时") % {"earned": plain(line.earned), "required": plain(line.required)},
    )
    st.progress(min(float(line.earned / line.required), 1.0) if line.required else 1.0)
    if line.exempted:
        reduced = {"hours": plain(line.exempted), "asked": plain(line.required + line.exempted)}
        st.caption(_("年度要求 %(asked)s 学时，已批准减免 %(hours)s 学时。") % reduced)


def draw_verdict(line: Standing) -> None:
    if line.met:
        st.badge(_(MET), icon=":material/check:", color="green")
    else:
        st.badge(_(NOT_MET) % {"missing": plain(line.missing)}, color="orange")


def draw_live(live: LiveHours) -> None:
    """What the next statistics may find, as of this moment."""
    approved = _("实时已通过 **%(hours)s** 学时") % {"hours": plain(live.earned)}
    waiting = _("待审核 **%(hours)s**") % {"hours": plain(live.waiting)}
    unsent = _("未送审 **%(hours)s**") % {"hours": plain(live.unsent)}
    refused = _("不计入 **%(hours)s**") % {"hours": plain(live.refused)}
    st.markdown(f"{approved}  \n{waiting} · {unsent} · {refused}")


def advice(line: Standing, live: LiveHours) -> str:
    """What has to happen before this category is met, in one sentence."""
    lacking = line.required - live.earned
    under_way = live.waiting + live.unsent
    if line.met:
        return ""
    if lacking <= 0:
        return _("审核已全部通过，下次官方统计后即达到要求。")
    if live.waiting >= lacking:
        return _("待审核的学时通过后，即可达到要求。")
    if under_way >= lacking:
        return _("把未送审的记录送审并获得通过后，即可达到要求。")
    return _("除已申报的以外，还需再学习并申报 %(hours)s 学时。") % {"hours": plain(lacking - under_way)}


def draw_basis(of_year: YearStanding) -> None:
    """The run whose figures these are, and the rules by which they are judged."""
    parts = []
    if of_year.run is not None:
        by = {"run": of_year.run.id, "edition": of_year.run.rule_edition}
        parts.append(_("官方统计第 %(run)s 次（当时的规则为第 %(edition)s 版）") % by)
    for rule in of_year.rules:
        named = {"edition": rule.edition.edition, "scope": requirement_words.scope(rule.edition)}
        parts.append(_("要求：第 %(edition)s 版，%(scope)s") % named)
        if not rule.confirmed:
            parts.append(_("该年度要求未经正式文件确认"))
    if of_year.exemption is not None and of_year.exemption.decided_at is not None:
        granted = {"name": of_year.exemption.decided_by_name, "time": local_time(of_year.exemption.decided_at)}
        parts.append(_("学时减免由 %(name)s 于 %(time)s 批准") % granted)
    st.caption(escape_markdown(" · ".join(parts)))


def draw_computed_at(computed_at: datetime | None) -> None:
    """How old the official figures are, and when newer ones come."""
    if computed_at is None:
        st.caption(_("官方统计尚未进行，首次统计后即可看到结果。"))
    else:
        st.caption(
            _("官方统计时间：%(time)s。每 %(hours)s 小时统计一次，之后通过的学时在下次统计时计入。")
            % {"time": local_time(computed_at), "hours": settings().statistics_hours}
        )

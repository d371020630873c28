"""The samples of a supervisor: drawing one, how far each has come, and the way into it."""

from datetime import timedelta

import streamlit as st

from db import reading
from db.audits import Audit
from db.claims import Category, ClaimSource
from services import audits, divisions, recognition
from services.audits import Plan, Tally
from services.clock import today
from services.errors import DomainError
from services.permissions import Actor
from web import audit_check, filters, worklist
from web.command import command, refuse
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time

QUARTER = timedelta(days=91)


def draw(actor: Actor) -> None:
    """One sample, if the address names it."""
    if (opened := filters.number(filters.AUDIT)) is not None:
        audit_check.draw(actor, opened)
        return
    before = filters.after()
    with reading() as session:
        page = audits.list_drawn(session, actor, before_id=before)
    with st.expander(_("抽取样本"), icon=":material/casino:", expanded=not page and not before):
        _draw_plan(actor)
    if not page:
        st.caption(_("还没有抽查过。选择区划、通过日期和比例后点击“抽取”，系统按单位随机抽取已通过的学时。"))
    for audit, tally in page:
        _draw_card(audit, tally)
    if page:
        worklist.draw_pages(len(page), audits.PAGE_SIZE, page[-1][0].id)


def _draw_plan(actor: Actor) -> None:
    """Drawn anew with every change, so that one sees what the plan comes to."""
    plan, seed = _plan(actor)
    if plan is None:
        st.caption(_("请选择通过日期的开始和结束。"))
        return
    try:
        with reading() as session:
            foreseen = audits.forecast(session, actor, plan)
    except DomainError as refusal:
        refuse(refusal)
        return
    numbers = {"claims": foreseen.claims, "employers": foreseen.employers, "drawn": foreseen.drawn}
    st.markdown(_("符合条件的学时 %(claims)s 条，涉及 %(employers)s 个单位，将抽取 **%(drawn)s** 条。") % numbers)
    if st.button(_("抽取"), type="primary", icon=":material/casino:", disabled=not foreseen.drawn):
        with command(_("已抽取样本，请逐条核对。")) as session:
            audits.draw(session, actor, plan, seed=seed)


def _plan(actor: Actor) -> tuple[Plan | None, str]:
    places = {code: divisions.name(code) for code in recognition.offered_divisions(actor)}
    left, middle, right = st.columns(3)
    division = left.selectbox(_("行政区划"), list(places), format_func=places.__getitem__, key="audit_division")
    days = middle.date_input(
        _("通过日期"), (today() - QUARTER, today()), max_value=today(), format="YYYY-MM-DD", key="audit_days"
    )
    category = right.selectbox(
        _("学时类别"), list(Category), None, format_func=word, key="audit_category", placeholder=_("全部")
    )
    source = left.selectbox(
        _("来源"), list(ClaimSource), None, format_func=word, key="audit_source", placeholder=_("全部")
    )
    rate = middle.number_input(_("抽查比例（%）"), 1, 100, 5, key="audit_rate")
    at_least = right.number_input(_("每个单位至少（条）"), 1, audits.MOST_ITEMS, 1, key="audit_at_least")
    seed = st.text_input(
        _("随机种子"),
        max_chars=audits.LONGEST_SEED,
        key="audit_seed",
        placeholder=_("可不填，由系统生成"),
        help=_("同样的种子、条件和学时，抽到的样本相同，便于复核。"),
    )
    if division is None or not isinstance(days, tuple) or len(days) < 2:
        return None, seed
    return Plan(
        division=division,
        approved_from=days[0],
        approved_to=days[1],
        rate=int(rate),
        at_least=int(at_least),
        category=category,
        source=source,
    ), seed


def _draw_card(audit: Audit, tally: Tally) -> None:
    with st.container(border=True):
        said, buttons = st.columns([5, 1], vertical_alignment="center")
        with said:
            draw_heading(audit)
            draw_progress(audit, tally)
        if buttons.button(_("打开"), key=f"audit_{audit.id}", width="stretch"):
            filters.show(audit=audit.id)
            st.rerun()


def draw_heading(audit: Audit) -> None:
    """What the sample was drawn from, and by whom."""
    kinds = [word(code) for code in (audit.category, audit.source) if code is not None]
    days = _("%(start)s 至 %(end)s 通过") % {"start": audit.approved_from, "end": audit.approved_to}
    share = _("%(rate)s%%，每个单位至少 %(least)s 条") % {"rate": audit.rate, "least": audit.at_least}
    drawn = _("%(name)s 于 %(time)s 从 %(claims)s 条中抽取，随机种子 %(seed)s")
    by = {
        "name": escape_markdown(audit.drawn_by_name),
        "time": local_time(audit.drawn_at),
        "claims": audit.claims,
        "seed": escape_markdown(audit.seed),
    }
    st.markdown(f"**{divisions.name(audit.division)}** · {' · '.join([days, *kinds, share])}  \n:gray[{drawn % by}]")


def draw_progress(audit: Audit, tally: Tally) -> None:
    if audit.withdrawn_at is not None:
        st.caption(_("已作废"))
        return
    numbers = {"drawn": tally.drawn, "checked": tally.checked, "failed": tally.failed, "pending": tally.pending}
    text = _("抽取 %(drawn)s 条，已核对 %(checked)s 条，撤销 %(failed)s 条，待抽查 %(pending)s 条") % numbers
    st.progress(1 - tally.pending / tally.drawn if tally.drawn else 1.0, text=text)

"""The staff in a year: who is behind in what, reminded and exported."""

import streamlit as st

from db import reading
from db.claims import Category
from services import forecasts, progress, requirements
from services.errors import DomainError
from services.progress import Reached
from web import filters, own_forecast, staff_certificates, worklist
from web.command import refuse
from web.i18n import _
from web.labels import word
from web.progress_filters import export_address, wanted
from web.progress_list import draw_members, draw_totals
from web.progress_reminders import draw_reminders
from web.session import current_actor
from web.standing_card import draw_computed_at

actor = current_actor()
chosen, after = wanted(st.query_params), filters.after()
try:
    with reading() as session:
        years = requirements.list_years(session)
        totals = progress.totals(session, actor, chosen.year)
        members = progress.roster(session, actor, chosen, after_id=after)
        forecast = forecasts.newest(session, actor)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

draw_totals(totals)
draw_computed_at(totals.computed_at)
own_forecast.draw(forecast, chosen.year)
with st.container(horizontal=True, vertical_alignment="bottom"):
    filters.draw_choice(filters.YEAR, _("年度"), {str(year): str(year) for year in years}, str(chosen.year))
    lacking = {"": _("不限")} | {category.value: word(category) for category in Category}
    filters.draw_choice(filters.LACKING, _("缺少的科目"), lacking, chosen.lacking or "")
    filters.draw_text(_("查找人员"), _("姓名或部门中的字，或完整的手机号码"))
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    filters.draw_status(list(Reached), chosen.reached, totals.counts)
    st.link_button(_("导出"), export_address(chosen), icon=":material/download:")
if members:
    marked = draw_members(members)
    worklist.draw_pages(len(members), progress.PAGE_SIZE, members[-1].binding_id)
    draw_reminders(actor, chosen, marked)
    staff_certificates.draw(actor, chosen.year, totals, marked)
elif totals.staff == 0:
    st.info(_("还没有已确认的人员。可以在“人员管理”中确认申请，或用“批量导入”一次添加。"), icon=":material/group_add:")
else:
    st.info(_("没有符合条件的人员，请换一个条件。"), icon=":material/search_off:")

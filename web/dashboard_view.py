"""The page from above: the figures of the place, then one chart after the other, each with its table."""

from decimal import Decimal

import streamlit as st

from services import dashboards
from services.charted_figures import Part
from services.workbooks import Content
from web import (
    dashboard_charts,
    dashboard_export,
    dashboard_figures,
    dashboard_lists,
    dashboard_parts,
    dashboard_places,
    tables,
    worklist,
)
from web.dashboard_reading import Found
from web.i18n import _


def draw(found: Found) -> None:
    _draw_head(found)
    dashboard_figures.draw(found.overview)
    if found.is_division:
        _draw_below(found)
    for part in dashboard_parts.of_hours(found):
        _draw(part)
    if found.is_division:
        _draw_returns(found)


def _draw_head(found: Found) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dashboard_places.draw_year(found.years, found.overview.year)
        workbook = dashboard_export.address_of(dashboard_export.FIGURES, found.overview)
        st.link_button(_("导出 Excel"), workbook, icon=":material/download:")
        report = dashboard_export.address_of(dashboard_export.REPORT, found.overview)
        st.link_button(_("导出 PDF 报告"), report, icon=":material/picture_as_pdf:")
    st.caption(dashboard_figures.of_when(found.overview))
    if not found.overview.figures.registered:
        st.info(_("这里还没有专业技术人员。有人选择这里的单位以后，就会有数字。"), icon=":material/group_off:")


def _draw_below(found: Found) -> None:
    """As a chart, as buttons, and page by page."""
    _draw(dashboard_lists.places(found.below))
    if found.below:
        dashboard_places.draw_below(found.below)
        worklist.draw_pages(len(found.below), dashboards.PAGE_SIZE, found.below[-1].id)


def _draw_returns(found: Found) -> None:
    _draw(dashboard_lists.returns(found.returning))
    if len(found.returning) == dashboards.PAGE_SIZE:
        st.caption(_("只列出退回率最高的 %(count)s 个单位，全部见 Excel 文件。") % {"count": dashboards.PAGE_SIZE})


def _draw(part: Part) -> None:
    st.header(part.title, anchor=False)
    if not part.rows:
        st.caption(part.empty)
        return
    dashboard_charts.draw(part)
    titles = [heading.title for heading in part.sheet.headings]
    tables.draw_behind(part.title, [dict(zip(titles, map(_shown, row), strict=True)) for row in part.rows])


def _shown(content: Content) -> object:
    return float(content) if isinstance(content, Decimal) else content

"""The old systems' rows as whoever they are about sees them, and the copy that he prints of a certificate."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import transaction
from db.legacy import LegacyRow
from services import legacy_statements, own_legacy
from services.permissions import Actor
from services.rules import plain
from web.download import PDF, Download, address
from web.i18n import _
from web.import_exports import number_of
from web.labels import word
from web.legacy_row import hours
from web.navigation import link
from web.text import escape_markdown

EXPORT = "legacy-certificate"


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    number = number_of(parameters)
    with transaction() as session:
        row = own_legacy.take(session, actor, number)
    content = legacy_statements.render(row)
    return Download(_("旧证书记录_%(number)s.pdf") % {"number": row.number}, content, PDF)


def draw_unconfirmed() -> None:
    st.info(_("历史数据在单位确认您的身份后才能查询。请先选择工作单位，并由单位确认。"), icon=":material/info:")
    link("personal/profile")


def draw_certificate(row: LegacyRow) -> None:
    with st.container(border=True):
        said, download = st.columns([5, 1], vertical_alignment="center")
        lines = [
            f"**{_('%(year)s 年度') % {'year': row.year}}** {escape_markdown(row.result)}",
            escape_markdown(_("证书编号：%(number)s") % {"number": row.number}),
            escape_markdown(_("%(hours)s 学时") % {"hours": hours(row)}),
            f":gray[{escape_markdown(' · '.join(filter(None, (row.employer, row.source.system.name))))}]",
        ]
        said.markdown("  \n".join(lines))
        download.link_button(_("打印"), address(EXPORT, id=row.id), icon=":material/print:", width="stretch")


def draw_records(rows: Sequence[LegacyRow]) -> None:
    st.dataframe([_record(row) for row in rows], hide_index=True, alt=_("历史学时记录"))


def _record(row: LegacyRow) -> Mapping[str, object]:
    dates = (row.starts_on, row.ends_on if row.ends_on != row.starts_on else None)
    return {
        _("年度"): row.year,
        _("活动名称"): row.title,
        _("学时类别"): word(row.category) if row.category else "",
        _("学时"): plain(row.hours) if row.hours is not None else "",
        _("起止日期"): _(" 至 ").join(f"{day}" for day in dates if day),
        _("工作单位"): row.employer,
        _("审核结果"): row.result,
        _("来源系统"): row.source.system.name,
    }

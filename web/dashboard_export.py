"""The figures of a place as a workbook with a sheet for each table, and as a report to print."""

from collections.abc import Mapping

from db import reading, transaction
from services import dashboard_report, dashboards, workbooks
from services.charted_figures import Part, Report
from services.clock import today
from services.dashboards import FileKind, Overview
from services.permissions import Actor
from services.workbooks import Content, Heading, Sheet
from web import dashboard_figures, dashboard_parts, dashboard_places, dashboard_reading
from web.dashboard_reading import YEAR, Found, place_of
from web.download import PDF, Download, address
from web.i18n import _

FIGURES, REPORT = "dashboard", "dashboard-report"
MOST_PRINTED = 100  # places in one list of a report


def address_of(export: str, overview: Overview) -> str:
    return address(export, **dict([place_of(overview), (YEAR, str(overview.year))]))


def figures(actor: Actor, parameters: Mapping[str, str]) -> Download:
    found = _found(actor, parameters, FileKind.XLSX)
    parts = [_about(found.overview), dashboard_figures.part(found.overview), *dashboard_parts.of_place(found)]
    content = workbooks.workbook_of((part.sheet, part.rows) for part in parts)
    return Download(_name(found.overview, FileKind.XLSX), content)


def report(actor: Actor, parameters: Mapping[str, str]) -> Download:
    found = _found(actor, parameters, FileKind.PDF)
    return Download(_name(found.overview, FileKind.PDF), dashboard_report.render(_report(found)), PDF)


def _found(actor: Actor, parameters: Mapping[str, str], kind: FileKind) -> Found:
    wanted = dashboard_reading.place(parameters)
    with reading() as session:
        found = dashboard_reading.read_everything(session, actor, wanted)
    with transaction() as session:
        dashboards.note_export(session, actor, kind, *found.place)
    return found


def _name(overview: Overview, kind: FileKind) -> str:
    said = {"place": overview.name, "year": overview.year, "day": today(), "kind": kind}
    return _("学时看板_%(place)s_%(year)s年度_%(day)s.%(kind)s") % said


def _about(overview: Overview) -> Part:
    """What the other sheets are of."""
    rows: list[list[Content]] = [
        [_("地区或单位"), dashboard_places.name_of(overview)],
        [_("年度"), overview.year],
        [_("数据截至"), overview.as_of],
        [_("比较日期"), overview.compared_on],
    ]
    return Part(Sheet(_("说明"), [Heading(_("项目"), 20), Heading(_("内容"), 50)]), rows)


def _report(found: Found) -> Report:
    overview = found.overview
    note = _("只列出前 %(count)s 个，全部见 Excel 文件。") % {"count": MOST_PRINTED}
    parts = [dashboard_figures.part(overview), *dashboard_parts.of_place(found)]
    said = {"place": dashboard_places.name_of(overview), "year": overview.year}
    return Report(
        title=_("学时看板"),
        subject=_("%(place)s %(year)s 年度") % said,
        lines=[dashboard_figures.of_when(overview)],
        parts=[part.shortened(MOST_PRINTED, note) for part in parts],
        page=_("第 %(number)s 页，共 %(count)s 页"),
    )

"""The empty lists that an employer fills in and uploads."""

from collections.abc import Iterator, Mapping

from db.people import TitleLevel, TitleSeries
from services import hours_import, identity, people, registration, staff_columns, workbooks
from services.permissions import Actor, Permission, require
from services.spreadsheets import Column
from services.workbooks import Heading, Sheet
from web.download import Download
from web.i18n import N_, _
from web.labels import word

WIDTHS = {identity.ID_NUMBER: 24, people.EMAIL: 26, people.MOBILE: 16, people.DEPARTMENT: 18}
USUAL_WIDTH = 14
ONE_EACH = N_("每行填写一个人，从第二行开始。请不要改动表头，不要合并单元格。")
AS_TEXT = N_("证件号码列已设为文本格式。从别处粘贴时请选择“只粘贴值”，否则 Excel 可能把号码变成 4.4E+17 并丢失后几位。")


def staff(actor: Actor, _parameters: Mapping[str, str]) -> Download:
    require(actor, Permission.STAFF_IMPORT)
    sheet = Sheet(_("人员名单"), [heading(column) for column in staff_columns.COLUMNS])
    content = workbooks.template(sheet, _("填写说明"), _notes())
    return Download(_("人员导入模板.xlsx"), content)


def hours(actor: Actor, _parameters: Mapping[str, str]) -> Download:
    require(actor, Permission.STAFF_IMPORT)
    sheet = Sheet(_("培训学时"), [heading(column) for column in hours_import.COLUMNS])
    content = workbooks.template(sheet, _("填写说明"), _hours_notes())
    return Download(_("培训学时导入模板.xlsx"), content)


def heading(column: Column) -> Heading:
    """A required column says so."""
    title = _(column.title)
    shown = _("%(title)s（必填）") % {"title": title} if column.required else title
    choices = [word(code) for code in column.choices] if column.choices else []
    return Heading(shown, WIDTHS.get(column.title, USUAL_WIDTH), choices)


def _hours_notes() -> Iterator[str]:
    yield _(ONE_EACH)
    yield _("证件号码和手机号码至少填写一项，用来找到本单位的这个人；姓名须与登记的一致。")
    yield _(AS_TEXT)
    yield _("学时填写数字，最多一位小数，如 8 或 4.5；不能超过培训天数允许的学时。")


def _notes() -> Iterator[str]:
    yield _(ONE_EACH)
    yield _(AS_TEXT)
    yield _("日期写成 2016-03-05、2016/3/5、2016.3.5、2016年3月5日 或 20160305 均可。")
    yield _("“职称系列”和“职称级别”请从下拉列表中选择。")
    yield _("未注册的人员会建立账号；已注册并申请了本单位的，导入即确认；在其他单位的，须由本人申请调转。")
    yield _("示例：")
    example = {
        registration.NAME: _("林知夏"),
        identity.ID_NUMBER: "440104198503170010",
        people.MOBILE: "13800000000",
        people.EMAIL: "name@example.com",
        people.DEPARTMENT: _("设计一部"),
        staff_columns.TITLE_SERIES: word(TitleSeries.ENGINEERING),
        staff_columns.TITLE_LEVEL: word(TitleLevel.MIDDLE),
        people.TITLE_NAME: _("工程师"),
        staff_columns.STARTED_ON: "2016-03-05",
    }
    yield from (_("%(title)s：%(value)s") % {"title": _(title), "value": value} for title, value in example.items())

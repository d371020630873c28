"""Why an uploaded spreadsheet is refused as a whole, each with what the user can do about it."""

from services.errors import N_, DomainError

# Of data, and besides them a title and the header.
MOST_ROWS, MOST_ROWS_ABOVE = 50_000, 20


class SpreadsheetTooLarge(DomainError):
    message = N_("表格文件超过%(megabytes)sMB，请删除图片和不需要的工作表，或分成几个文件后再上传。")


class NotASpreadsheet(DomainError):
    message = N_("只能上传 Excel 工作簿（.xlsx）。请下载模板填写，或用 Excel、WPS 打开原文件后另存为 .xlsx 再上传。")


class OldOrProtected(DomainError):
    message = N_("文件是旧格式（.xls）或设有打开密码。请取消密码，另存为“Excel 工作簿（.xlsx）”后再上传。")


class SpreadsheetUnreadable(DomainError):
    message = N_("表格文件已损坏或过于复杂，无法读取。请把数据复制到新下载的模板中再上传。")


class SuspiciousArchive(DomainError):
    message = N_("文件展开后过大或结构异常，为安全起见不予读取。请把数据复制到新下载的模板中再上传。")


class NoVisibleSheet(DomainError):
    message = N_("文件中没有可见的工作表。请取消隐藏填有数据的工作表后再上传。")


class SeveralSheets(DomainError):
    message = N_("文件中有多个填有数据的工作表，而导入只读一个。请把每个工作表另存为一个文件，分别上传。")


class TooManyRows(DomainError):
    message = N_("表格超过 %(limit)s 行，请分成几个文件后再上传。")


class NoRows(DomainError):
    message = N_("表头下面没有数据，请填写后再上传。")


# Those that the confined process finds.
SPREADSHEET_REFUSALS: dict[str, type[DomainError]] = {
    kind.__name__: kind
    for kind in (NoVisibleSheet, SeveralSheets, SpreadsheetUnreadable, SuspiciousArchive, TooManyRows)
}

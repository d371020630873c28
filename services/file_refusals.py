"""Why an uploaded file is refused, each with what the user can do about it."""

from services.errors import N_, DomainError


class FileEmpty(DomainError):
    message = N_("文件是空的，请重新选择文件后再上传。")


class FileTooLarge(DomainError):
    message = N_("文件超过%(megabytes)sMB，请压缩后再上传。")


class FileTypeNotAllowed(DomainError):
    message = N_("只能上传 PDF、JPG、PNG 文件，请转换格式后再上传。")


class ContentMismatch(DomainError):
    message = N_("文件内容不是%(kind)s，请用原来的软件打开，另存为%(kind)s后再上传。")


class VirusFound(DomainError):
    message = N_("文件未通过病毒检查，请在本机查杀病毒后换一个文件上传。")


class ScannerUnavailable(DomainError):
    message = N_("病毒检查暂时无法进行，请稍后再试；如仍失败，请告知系统管理员。")


class FileProtected(DomainError):
    message = N_("PDF设有密码或权限限制，请取消保护后再上传，也可以打印成新的PDF或拍照上传。")


class TooManyPages(DomainError):
    message = N_("PDF共%(pages)s页，超过%(limit)s页，请只保留与学时有关的页后再上传。")


class ImageTooLarge(DomainError):
    message = N_("图片超过%(megapixels)s00万像素，请缩小尺寸后再上传。")


class FileUnreadable(DomainError):
    message = N_("文件已损坏或过于复杂，无法读取，请用原来的软件打开，另存或打印成PDF后再上传。")


class CheckUnavailable(DomainError):
    message = N_("文件检查暂时无法进行，请稍后再上传；如仍失败，请告知系统管理员。")


class NoSuchPage(DomainError):
    message = N_("该附件没有这一页。")


# The refusals that only reading the content can lead to.
CONTENT_REFUSALS: dict[str, type[DomainError]] = {
    kind.__name__: kind for kind in (FileProtected, FileUnreadable, ImageTooLarge, NoSuchPage, TooManyPages)
}

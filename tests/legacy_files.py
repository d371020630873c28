"""Files as old systems export them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from tests import factories

CERTIFICATE_HEADER = [
    *("证书编号", "年度", "姓名", "身份证号", "工作单位"),
    *("公需学时", "专业学时", "选修学时", "合计", "审核状态", "审核时间"),
]
RECORD_HEADER = ["姓名", "身份证号", "单位名称", "年度", "类别", "课程名称", "学时", "开始时间", "结束时间"]
COURSES = ("大数据与人工智能", "创新驱动发展", "工程质量管理", "会计准则解读")
EMPLOYERS = ("晴川市第一人民医院", "晴川市建筑设计院", "明月县第二中学", "晴川市自来水有限公司")


def text(rows: Iterable[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def certificate(number: int, **changed: object) -> list[object]:
    """A row that nothing is wrong with, but for what is `changed` by the title of its column."""
    row: dict[str, object] = {
        "证书编号": f"粤继教{2016 + number % 3}{number:07d}",
        "年度": f"{2016 + number % 3}年",
        "姓名": factories.invented_name(number),
        "身份证号": factories.invented_id_number(100_000 + number),
        "工作单位": EMPLOYERS[number % 4],
        "公需学时": "18",
        "专业学时": "42学时",
        "选修学时": "12.0",
        "合计": "72",
        "审核状态": "合格",
        "审核时间": "2017.3.5",
    }
    assert not set(changed) - set(row)
    return list((row | changed).values())


def record(number: int, **changed: object) -> list[object]:
    day = f"2016年{1 + number % 12}月{1 + number % 28}日"
    row: dict[str, object] = {
        "姓名": factories.invented_name(number),
        "身份证号": factories.invented_id_number(100_000 + number // 3),
        "单位名称": EMPLOYERS[number % 4],
        "年度": "2016",
        "类别": ("公需课", "专业课", "选修课")[number % 3],
        "课程名称": f"{COURSES[number % 4]}（第{number}期）",
        "学时": "8学时",
        "开始时间": day,
        "结束时间": day,
    }
    assert not set(changed) - set(row)
    return list((row | changed).values())


def records(count: int) -> Iterator[Sequence[object]]:
    yield RECORD_HEADER
    for number in range(count):
        yield record(number)


def certificates(count: int) -> Iterator[Sequence[object]]:
    yield CERTIFICATE_HEADER
    for number in range(count):
        yield certificate(number)

"""Files as old systems export them."""

import base64
import csv
import gzip
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


# A workbook of Excel 97, as another program (xlwt) wrote it: a header and two rows, compressed.
EXCEL_97 = gzip.decompress(
    base64.b85decode(
        "ABzY8000000t4+>O-NKx6#nj;H_cD#jDL{^DneGKFq4Y9u&JP2DOy39VQDiBVQLIQ*(TFmNl~<rqK#ld1Xi1Vs33PO0wotg5NP45"
        "RnQ-yzRo%GW*W`F0TYb(J?^>poOAE@?tAC{y*DwQJ~jL>cN&YZ6E@5nF04ziDN3%G;syB)gNw1;Ny)IVrr>f?AlKRPEcLa6W61HI"
        "hK2|F7)js*rK325`mWAU!75^p^r2O8A8JS{+#*XFa->%oB2S3S6nS52J{P%5ESE*rP~9nY1ml7F;wp0#AJz)Rmj>p2EN$M2#gA;f"
        ";!%9zs*2XNV|V0K>*+P-$kS6W0t#qts52B{-Gke313iS&j*ik`a0*!z>=Ar53V<)MS^cuWvahaPf$TpP+8uwfJ1K~Z?bkIO=!J1y"
        "CdmL&a875Bre>ReHqPQ2Ss;o0lTE1yb*Ot+=IX}=zaJn=cgvj?%1$<a3sE)`$`9M1hQc#vJxv)vdAZN;EB9AdRrt#Ml|G-pnktRf"
        "O@uu$U)*Dd+5sQUph|SN5Jwf5)0Jo~gEL%#nUI_J5m|S<3)Y=fnU5(XgYZZ>U1p`19(?xh=Qnk24S{1~>6N`Ex+87o7XSknxdk;&"
        "6OT=#ol>#1*e<e9ST{*IS7a8|p}eRe+brzsmpYfkTSWIM6HErSB$T&OdEisyle~eCfo)VCt(`ufHTpI%j6&KWgVdg{ew3&Zb@K+}"
        "X&{y>bM<;JGUtz#%&B?Jz8mJY>%kn)T|&CZsK#$c#Wl@*S5eJInk}yBr0FKJT7p>#v)!z(gqh><0voB!%zgP>V=$9fUiXkjY|N!C"
        "!KDe8!{my_&>7d5%N5tSm+rX6y<E>H4=n?an1<Hz-*Cf%1q&7|Sg>Hh!b(8N*)e)v*3A<$pZy%>f1No>^VV;Y{}%hvMOQa{RPIG5"
        "<q`BGHGVe0u3}tjnQdbK3mJ##?h&-3P5RNE^!TN3DV6v<%Wmjhxha(F{pXYE=RdyxFWok&TmTjT00"
    )
)

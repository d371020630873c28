"""Invented statements: the ordinary one, and the ones at the edge of the sheet."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.pdf.statement import Hours, Statement

# As long as what a QR code says with its signature.
PROOF = "0409RPQ1B0KV248B99902B01800T80E702T2E3Z9" * 4

PILOT = Statement(
    number="44010020260000017",
    code="7K3F-9QXM-2TVA-H8RD",
    year=2026,
    name="林知远",
    id_number_masked="110101********0015",
    employer="青禾市测绘设计研究院有限公司",
    general=Hours(Decimal("30.0"), Decimal("32.0")),
    professional=Hours(Decimal("42.0"), Decimal("45.5")),
    elective=Hours(Decimal("18.0"), Decimal("18.0")),
    issued_on=date(2026, 11, 23),
    verify_url=f"https://hourbook.example.org/verify?code={PROOF}",
    division="南江省",
)
ISSUED = replace(PILOT, issuer="南江省人力资源和社会保障厅")

LONG_EMPLOYER = "国家新能源汽车动力电池回收利用与先进材料联合创新技术研究中心（青禾）" * 2 + "二期"
LONG_NAME = "阿卜杜拉·买买提江·吐尔逊·伊斯拉木江"
LONG_ISSUER = "南江省青禾市继续教育与职业能力发展指导中心证书管理处"
LATIN_NAME = "Maximilian Alexander Christopher-Wolfeschlegelstein"
LATIN_EMPLOYER = "Anglo-Chinese Joint Venture for Precision Engineering (Qinghe) Co., Ltd. 测量所"
LONG_ADDRESS = f"https://continuing-education.hourbook.example.gov.example.org/services/public/verify?code={PROOF}"

BOUNDARIES = {
    "pilot": PILOT,
    "issued": ISSUED,
    "no division": replace(ISSUED, division=None),
    "shortest": replace(PILOT, name="于", employer="县医院"),
    "long employer": replace(ISSUED, employer=LONG_EMPLOYER),
    "long everything": replace(ISSUED, name=LONG_NAME, employer=LONG_EMPLOYER, issuer=LONG_ISSUER),
    "latin": replace(ISSUED, name=LATIN_NAME, employer=LATIN_EMPLOYER),
    "one endless word": replace(ISSUED, name="A" * 100),
    "long address": replace(PILOT, verify_url=LONG_ADDRESS),
    "brackets at the line's end": replace(ISSUED, employer="青禾市测绘设计研究院（" + "集团）（" * 12 + "）"),
    "two hundred characters": replace(ISSUED, employer="测绘" * 100),
    "many hours": replace(ISSUED, general=Hours(Decimal("30.0"), Decimal("9999.5"))),
}

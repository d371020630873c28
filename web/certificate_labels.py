"""The words of certificates, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.certificates import CertificateStatus, InvalidityReason
from web.i18n import N_
from web.label import Label

CERTIFICATE_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    CertificateStatus: {
        CertificateStatus.ISSUED: Label(N_("有效"), "green"),
        CertificateStatus.SUPERSEDED: Label(N_("已换发"), "orange"),
        CertificateStatus.REVOKED: Label(N_("已撤销"), "red"),
    },
    InvalidityReason: {
        InvalidityReason.HOURS_TAKEN_BACK: Label(N_("签发后有学时被撤销，年度学时已经变更")),
        InvalidityReason.EXEMPTION_REVOKED: Label(N_("签发后学时减免被撤销，年度要求已经变更")),
        InvalidityReason.WRONG_CONTENT: Label(N_("证书内容有误")),
        InvalidityReason.NOT_ENTITLED: Label(N_("不符合签发条件")),
        InvalidityReason.DECEIT: Label(N_("以不正当手段取得")),
        InvalidityReason.MISUSED: Label(N_("证书被冒用")),
        InvalidityReason.OTHER: Label(N_("其他原因")),
    },
}

"""The words of what a rule counts by, and of what it asks."""

from collections.abc import Mapping
from enum import StrEnum

from db.activity_rules import AuthorRank, DetailField, Level, PatentKind, Prize, ProjectRole, Unit
from services.claim_details import NAMES
from web.i18n import N_
from web.label import Label

ACTIVITY_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    Unit: {
        Unit.CLOCK: Label(N_("按实际时间")),
        Unit.DAY: Label(N_("按天")),
        Unit.ITEM: Label(N_("按项")),
        Unit.THOUSAND_CHARACTERS: Label(N_("按千字")),
        Unit.TEN_THOUSAND_CHARACTERS: Label(N_("按万字")),
    },
    DetailField: {field: Label(NAMES[field]) for field in DetailField},
    Level: {
        Level.NATIONAL: Label(N_("国家级")),
        Level.PROVINCIAL: Label(N_("省级")),
        Level.CITY: Label(N_("市级")),
    },
    AuthorRank: {
        AuthorRank.FIRST: Label(N_("独立或第一")),
        AuthorRank.SECOND: Label(N_("第二")),
        AuthorRank.THIRD: Label(N_("第三")),
        AuthorRank.LATER: Label(N_("第四及以后")),
    },
    PatentKind: {
        PatentKind.INVENTION: Label(N_("发明专利")),
        PatentKind.UTILITY: Label(N_("实用新型专利")),
        PatentKind.DESIGN: Label(N_("外观设计专利")),
    },
    ProjectRole: {ProjectRole.LEADER: Label(N_("主持人")), ProjectRole.MEMBER: Label(N_("参加人"))},
    Prize: {
        Prize.FIRST: Label(N_("一等奖")),
        Prize.SECOND: Label(N_("二等奖")),
        Prize.THIRD: Label(N_("三等奖")),
        Prize.OTHER: Label(N_("其他奖项")),
    },
}

"""The words of the dashboards, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from services.dashboard_figures import Age
from web.i18n import N_
from web.label import Label

DASHBOARD_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    Age: {
        Age.DAYS_3: Label(N_("3 天以内")),
        Age.DAYS_7: Label(N_("4 至 7 天")),
        Age.DAYS_15: Label(N_("8 至 15 天")),
        Age.LONGER: Label(N_("超过 15 天")),
    },
}

"""The words of questions about old rows, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from services.exploration_files import Exported, FileFormat
from services.questions import Chart, Dimension, Measure
from web.i18n import N_
from web.label import Label

EXPLORE_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    Chart: {
        Chart.TIME: Label(N_("按年度")),
        Chart.DIVISIONS: Label(N_("按区划")),
        Chart.DISTRIBUTION: Label(N_("学时分布")),
        Chart.EMPLOYERS: Label(N_("主要单位")),
        Chart.COMPLETION: Label(N_("达标情况")),
        Chart.PIVOT: Label(N_("透视表")),
    },
    Dimension: {
        Dimension.YEAR: Label(N_("年度")),
        Dimension.DIVISION: Label(N_("行政区划")),
        Dimension.CATEGORY: Label(N_("学时类别")),
        Dimension.KIND: Label(N_("内容")),
        Dimension.SYSTEM: Label(N_("来源系统")),
        Dimension.MATCHING: Label(N_("核对状态")),
        Dimension.EMPLOYER: Label(N_("工作单位")),
        Dimension.HOURS: Label(N_("学时区间")),
        Dimension.RESULT: Label(N_("审核结果")),
    },
    Measure: {
        Measure.ROWS: Label(N_("记录数")),
        Measure.PEOPLE: Label(N_("人数")),
        Measure.HOURS: Label(N_("学时合计")),
        Measure.AVERAGE: Label(N_("平均学时")),
    },
    Exported: {
        Exported.ROWS: Label(N_("记录")),
        Exported.FIGURES: Label(N_("汇总数字")),
    },
    FileFormat: {
        FileFormat.XLSX: Label(N_("Excel（xlsx）")),
        FileFormat.CSV: Label("CSV"),
        FileFormat.PARQUET: Label("Parquet"),
    },
}

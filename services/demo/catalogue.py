"""What people learn in the demo, and what is said about it."""

from dataclasses import dataclass

from db.claims import ActivityType, Category
from db.people import TitleSeries

TRAINING, CONFERENCE, LECTURE = ActivityType.TRAINING, ActivityType.CONFERENCE, ActivityType.LECTURE
TEACHING, PAPER, PRACTICE = ActivityType.TEACHING, ActivityType.PAPER, ActivityType.PRACTICE
PROFESSIONAL, ELECTIVE = Category.PROFESSIONAL, Category.ELECTIVE


@dataclass(frozen=True, slots=True)
class Course:
    """Hours never exceed eight for each of the days."""

    category: Category
    kind: ActivityType
    title: str
    organiser: str
    days: int
    hours: int


COLLEGE, CENTRE = "灯塔继续教育学院", "竹简职业培训中心"
# Not a course of this year or that: the demo is told on any day.
GENERAL = (
    Course(Category.GENERAL, TRAINING, "公需科目：人工智能基础与应用", COLLEGE, 10, 30),
    Course(Category.GENERAL, TRAINING, "公需科目：绿色低碳发展与生态文明建设", COLLEGE, 10, 30),
    Course(Category.GENERAL, TRAINING, "公需科目：数字经济与知识产权保护", COLLEGE, 10, 30),
)
LONG = {
    TitleSeries.ENGINEERING: (
        Course(PROFESSIONAL, TRAINING, "城市桥梁检测与加固技术研修班", COLLEGE, 3, 24),
        Course(PROFESSIONAL, TRAINING, "市政道路海绵城市设计专题培训", COLLEGE, 3, 24),
        Course(PROFESSIONAL, CONFERENCE, "装配式结构与智能建造学术年会", "南海岸土木工程学会", 3, 24),
        Course(PROFESSIONAL, TRAINING, "BIM 正向设计与协同管理", COLLEGE, 4, 24),
    ),
    TitleSeries.TEACHING: (
        Course(PROFESSIONAL, TRAINING, "新课程标准与单元整体教学设计", CENTRE, 3, 24),
        Course(PROFESSIONAL, TRAINING, "课堂观察与教学评价能力提升", CENTRE, 3, 24),
        Course(PROFESSIONAL, PRACTICE, "跨校跟岗研修", "萤火谷中学", 5, 24),
    ),
    TitleSeries.HEALTH: (
        Course(PROFESSIONAL, TRAINING, "慢性病规范化管理与合理用药", COLLEGE, 3, 24),
        Course(PROFESSIONAL, CONFERENCE, "基层医院感染防控学术会议", "星湖湾医学会", 3, 24),
        Course(PROFESSIONAL, TRAINING, "急救技能与院前急救新进展", COLLEGE, 3, 24),
    ),
    TitleSeries.AGRICULTURE: (
        Course(PROFESSIONAL, TRAINING, "水稻绿色高产栽培技术培训", CENTRE, 3, 24),
        Course(PROFESSIONAL, TRAINING, "农作物病虫害统防统治技术", CENTRE, 3, 24),
    ),
}
SHORT = {
    TitleSeries.ENGINEERING: (
        Course(PROFESSIONAL, TRAINING, "地下管网非开挖修复技术", COLLEGE, 3, 18),
        Course(PROFESSIONAL, LECTURE, "《城市桥梁设计规范》宣贯与答疑", "南海岸土木工程学会", 3, 18),
        Course(PROFESSIONAL, TRAINING, "软件架构与信息安全实务", COLLEGE, 3, 18),
    ),
    TitleSeries.TEACHING: (
        Course(PROFESSIONAL, TRAINING, "信息技术与学科教学融合", CENTRE, 3, 18),
        Course(PROFESSIONAL, TEACHING, "区域公开课展示与研讨", "青石臼中心小学", 3, 18),
    ),
    TitleSeries.HEALTH: (
        Course(PROFESSIONAL, TRAINING, "抗菌药物临床应用管理", COLLEGE, 3, 18),
        Course(PROFESSIONAL, LECTURE, "超声影像读片会", "鹿鸣川人民医院", 3, 18),
    ),
    TitleSeries.AGRICULTURE: (
        Course(PROFESSIONAL, PRACTICE, "高标准农田示范点田间实训", "风信子农业技术推广站", 3, 18),
        Course(PROFESSIONAL, TRAINING, "农产品质量安全检测", CENTRE, 3, 18),
    ),
}
ELECTIVES = (
    Course(ELECTIVE, TRAINING, "科技论文写作与学术规范", COLLEGE, 3, 18),
    Course(ELECTIVE, TRAINING, "项目管理与团队沟通", COLLEGE, 3, 18),
    Course(ELECTIVE, LECTURE, "职业道德与心理健康专题讲座", CENTRE, 3, 18),
    Course(ELECTIVE, TRAINING, "数据分析与办公自动化", CENTRE, 4, 18),
)
EXTRAS = (
    Course(ELECTIVE, LECTURE, "安全生产与应急管理讲座", CENTRE, 1, 6),
    Course(PROFESSIONAL, CONFERENCE, "青年专业技术人员交流会", "南海岸土木工程学会", 1, 8),
    Course(ELECTIVE, ActivityType.SELF_STUDY, "专业书籍研读与读书报告", CENTRE, 2, 8),
    Course(PROFESSIONAL, PAPER, "在省级期刊发表论文一篇", "南海岸学报编辑部", 3, 18),
)
NO_LEARNING = Course(ELECTIVE, CONFERENCE, "年度会员代表大会暨联谊活动", "南海岸土木工程学会", 1, 8)

APPROVALS = ("", "材料齐全，同意。", "情况属实，同意认定。", "与本人岗位相关，同意。")
FEWER = "结业证明所列学时少于申报学时，按证明核定。"
RETURNS = (
    "结业证明缺少盖章页，请补充后重新送审。",
    "附件看不清姓名，请重新扫描后送审。",
    "培训日期与通知不一致，请核对日期。",
)
REJECTION = "联谊活动不属于继续教育活动，不予认定。"

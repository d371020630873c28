"""Who plays in the demo: invented people and organisations, the same for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric, uscc

from db.organisations import OrganisationKind
from db.people import TitleLevel, TitleSeries
from services.permissions import SYSTEM, Actor

CITY, TOWN, COUNTRY = "441200", "441202", "441224"
BIRTHPLACES = ("440103", "440104", "440105")  # codes as old as the people
ENTERPRISE, INSTITUTION = "91", "12"
FIRST_BIRTH, LAST_BIRTH = date(1968, 1, 1), date(1999, 12, 31)

ENGINEERING, TEACHING, HEALTH = TitleSeries.ENGINEERING, TitleSeries.TEACHING, TitleSeries.HEALTH
AGRICULTURE = TitleSeries.AGRICULTURE
EMPLOYER, PROVIDER = OrganisationKind.EMPLOYER, OrganisationKind.PROVIDER

LEVELS = (TitleLevel.JUNIOR, TitleLevel.MIDDLE, TitleLevel.ASSOCIATE_SENIOR)
TITLES = {
    ENGINEERING: ("助理工程师", "工程师", "高级工程师"),
    TEACHING: ("二级教师", "一级教师", "高级教师"),
    HEALTH: ("医师", "主治医师", "副主任医师"),
    AGRICULTURE: ("助理农艺师", "农艺师", "高级农艺师"),
}
DEPARTMENTS = {
    ENGINEERING: ("桥梁一所", "道路二所", "给排水所", "总工办"),
    TEACHING: ("语文教研组", "数学教研组", "英语教研组", "德育处"),
    HEALTH: ("内科", "外科", "儿科", "检验科"),
    AGRICULTURE: ("种植科", "植保科"),
}

# In order: the staff of the first employer, of the second and so on, then those without an employer.
ALL_NAMES = (
    "林知远、苏清扬、阿卜杜拉·买买提、欧阳文渊、王㛃、陈䶮、李雪、周景明、许星河、沈若溪、谢长风、温以宁、杜明澈、叶知秋、"
    "罗锦程、梁书瑶、黎晓棠、潘若谷、冯佳音、曾子衿、彭予安、蒋云舒、魏南星、Maria Fontana、蔡怀瑾、田嘉木、方思齐、"
    "石望舒、姚清和、谭雨桐、廖一诺、邹可心、熊泽宇、金语嫣、陆时雨、郝建军、孔令仪、白露、崔静姝、康乐、毛晨曦、邱晚晴、"
    "秦海川、江月明、史青山、顾念慈、侯卫东、邵云帆、孟听澜、龙在野、万里晴、段清晨、雷春生、钱多宁、汤圆圆、尹向阳、"
    "黄初夏、赖小满、武立秋、乔冬至、贺新年、何初晴"
)
NAMES = ALL_NAMES.split("、")


@dataclass(kw_only=True)
class Player:
    """Somebody with an account; `actor` is who he is for the services, as soon as he has one."""

    username: str
    name: str
    actor: Actor = SYSTEM


@dataclass(kw_only=True)
class Office(Player):
    """An organisation, played by its administrator."""

    organisation: str
    uscc: str
    division: str
    kind: OrganisationKind
    phone: str
    series: TitleSeries
    staff: int
    id: int = 0


@dataclass(kw_only=True)
class Professional(Player):
    id_number: str
    mobile: str
    series: TitleSeries
    level: TitleLevel
    title: str
    department: str
    binding_id: int = 0


@dataclass(frozen=True, slots=True)
class Cast:
    """`staff` are the lists of those who work for each of the employers; the others have none."""

    administrator: Player
    supervisor: Player
    analyst: Player
    offices: list[Office]
    staff: list[list[Professional]]
    others: list[Professional]

    @property
    def players(self) -> list[Player]:
        staff = [professional for of_one in self.staff for professional in of_one]
        return [self.administrator, self.supervisor, self.analyst, *self.offices, *staff, *self.others]


def cast(seed: int) -> Cast:
    dice = Random(seed)  # noqa: S311  # invents people, keeps no secret
    offices = [_office(number, *row) for number, row in enumerate(OFFICES)]
    people = [_professional(number, name, dice) for number, name in enumerate(NAMES)]
    staff = [[_employed(people.pop(0), office, dice) for _ in range(office.staff)] for office in offices]
    return Cast(
        administrator=Player(username="administrator", name="系统管理员"),
        supervisor=Player(username="supervisor", name="严守正"),
        analyst=Player(username="analyst", name="纪明算"),
        offices=offices,
        staff=staff,
        others=people,
    )


# Organisation, division, kind of legal person, kind, field, administrator, number of staff.
OFFICES = (
    ("云上桥市政工程设计院", TOWN, ENTERPRISE, EMPLOYER, ENGINEERING, "苏明镜", 16),
    ("萤火谷中学", TOWN, INSTITUTION, EMPLOYER, TEACHING, "柳成荫", 7),
    ("鹿鸣川人民医院", CITY, INSTITUTION, EMPLOYER, HEALTH, "童安然", 8),
    ("青石臼中心小学", COUNTRY, INSTITUTION, EMPLOYER, TEACHING, "樊晓月", 5),
    ("纸飞机软件有限公司", TOWN, ENTERPRISE, EMPLOYER, ENGINEERING, "卓远帆", 5),
    ("风信子农业技术推广站", COUNTRY, INSTITUTION, EMPLOYER, AGRICULTURE, "农有余", 4),
    ("百草坞社区卫生服务中心", COUNTRY, INSTITUTION, EMPLOYER, HEALTH, "甘草青", 4),
    ("灯塔继续教育学院", CITY, INSTITUTION, PROVIDER, ENGINEERING, "海明灯", 0),
    ("竹简职业培训中心", COUNTRY, ENTERPRISE, PROVIDER, TEACHING, "简素心", 0),
    ("远帆测绘有限公司", TOWN, ENTERPRISE, EMPLOYER, ENGINEERING, "帆正悬", 0),
    ("拾光图书馆", TOWN, INSTITUTION, EMPLOYER, TEACHING, "书满楼", 0),
    ("麦浪食品检测有限公司", COUNTRY, ENTERPRISE, EMPLOYER, AGRICULTURE, "麦青青", 0),
    ("海螺在线培训学校", TOWN, ENTERPRISE, PROVIDER, ENGINEERING, "罗听涛", 0),
)
PUBLISHED = {"云上桥市政工程设计院": "employer", "灯塔继续教育学院": "provider"}
EMPLOYERS, PROVIDERS, RETURNED, APPLYING = slice(0, 7), slice(7, 9), slice(9, 10), slice(10, None)


def _office(
    number: int,
    organisation: str,
    division: str,
    legal: str,
    kind: OrganisationKind,
    series: TitleSeries,
    contact: str,
    staff: int,
) -> Office:
    body = f"{legal}{division}{number:09d}"
    return Office(
        username=PUBLISHED.get(organisation, f"office{number:02d}"),
        name=contact,
        organisation=organisation,
        uscc=body + uscc.calc_check_digit(body),
        division=division,
        kind=kind,
        phone=f"0758-{number:07d}",
        series=series,
        staff=staff,
    )


def _professional(number: int, name: str, dice: Random) -> Professional:
    published = {0: "professional", len(NAMES) - 1: "newcomer"}
    return Professional(
        username=published.get(number, f"person{number:02d}"),
        name=name,
        id_number=_id_number(number, dice),
        mobile=f"120{number:08d}",  # no telephone in China begins with 12
        series=ENGINEERING,
        level=LEVELS[0],
        title=TITLES[ENGINEERING][0],
        department="",
    )


def _id_number(number: int, dice: Random) -> str:
    """With the running numbers of a day that no office has got as far as giving out."""
    born = FIRST_BIRTH + timedelta(days=dice.randrange((LAST_BIRTH - FIRST_BIRTH).days))
    body = f"{dice.choice(BIRTHPLACES)}{born:%Y%m%d}{900 + number}"
    return body + ric.calc_check_digit(body + "0")


def _employed(professional: Professional, office: Office, dice: Random) -> Professional:
    rank = dice.randrange(len(LEVELS))
    professional.series, professional.level = office.series, LEVELS[rank]
    professional.title = TITLES[office.series][rank]
    professional.department = dice.choice(DEPARTMENTS[office.series])
    return professional

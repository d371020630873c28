"""A class in a few lines, as whoever may take part looks for it: what it counts for, when, where, and what is free."""

from db.classes import CourseClass
from services.rules import plain
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time


def summary(course_class: CourseClass) -> list[str]:
    """Lines of Markdown; its provider is loaded."""
    where = filter(None, (course_class.provider.name, word(course_class.mode), course_class.place))
    return [
        f"**{escape_markdown(course_class.name)}**",
        f":gray[{_counts_for(course_class)} · {_dates(course_class)}]",
        f":material/school: {escape_markdown(' · '.join(where))}",
    ]


def _counts_for(course_class: CourseClass) -> str:
    return _("%(year)s 年度 · %(category)s · %(hours)s 学时") % {
        "year": course_class.year,
        "category": word(course_class.category) if course_class.category else "",
        "hours": plain(course_class.hours) if course_class.hours is not None else "",
    }


def _dates(course_class: CourseClass) -> str:
    first, last = course_class.start_on, course_class.end_on
    return f"{first}" if first == last else _("%(start)s 至 %(end)s") % {"start": first, "end": last}


def seats(course_class: CourseClass, waiting: int) -> str:
    """How many are free, or how many wait, and until when one can enrol, as Markdown."""
    free = (course_class.capacity or 0) - course_class.taken
    until = local_time(course_class.enrol_until) if course_class.enrol_until else ""
    if free > 0:
        said = _(":green[剩余名额 **%(free)s** / %(capacity)s]，%(until)s 截止报名")
    else:
        said = _(":orange[名额已满]，%(waiting)s 人候补，%(until)s 截止报名")
    return said % {"free": free, "capacity": course_class.capacity, "waiting": waiting, "until": until}

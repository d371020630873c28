"""A report of something that is missing in the old systems' data, as its author and the analysts see it."""

from collections.abc import Iterator

from db.claims import Category
from db.legacy import LegacyKind
from db.missing_records import MissingRecord
from services.missing_record_form import EMPLOYER, EXPLANATION, SYSTEM, TITLES
from services.rules import plain
from web.facts import with_label
from web.i18n import _
from web.labels import word
from web.text import escape_markdown
from web.times import local_time

FILES = "/files/missing"


def title_of(report: MissingRecord) -> str:
    """What is missing, in a few words."""
    if report.title:
        return report.title
    return _("编号不详") if report.kind is LegacyKind.CERTIFICATE else ""


def hours_of(report: MissingRecord) -> str:
    told = {category: getattr(report, category.value) for category in Category}
    return _("、").join(f"{word(category)} {plain(each)}" for category, each in told.items() if each is not None)


def said(report: MissingRecord) -> Iterator[str]:
    """What its author says, as lines of Markdown."""
    told = {
        _(TITLES[report.kind]): title_of(report),
        _(EMPLOYER): report.employer,
        _(SYSTEM): report.system,
        _("学时"): hours_of(report),
        _(EXPLANATION): report.explanation,
    }
    yield from (with_label(name, escape_markdown(value)) for name, value in told.items() if value)
    yield f":gray[{_('%(time)s 申报') % {'time': local_time(report.reported_at)}}]"


def answered(report: MissingRecord) -> Iterator[str]:
    """What came of it; nothing while it waits."""
    if report.decided_at is None:
        return
    decided = {"name": escape_markdown(report.decided_by_name), "time": local_time(report.decided_at)}
    yield f":gray[{_('%(name)s 于 %(time)s 答复') % decided}]"
    if report.answer:
        yield with_label(_("答复"), escape_markdown(report.answer))

"""A rule of a type of activity in words."""

from collections.abc import Iterator

from db.activity_rules import ActivityRule, Unit
from services import claim_details
from services.rules import plain
from web.i18n import N_, _
from web.labels import word

RATES = {
    Unit.DAY: N_("每天 %(rate)s 学时"),
    Unit.ITEM: N_("每项 %(rate)s 学时"),
    Unit.THOUSAND_CHARACTERS: N_("每千字 %(rate)s 学时"),
    Unit.TEN_THOUSAND_CHARACTERS: N_("每万字 %(rate)s 学时"),
}


def rate(rule: ActivityRule) -> str:
    """Of one unit, with those of the grades that have their own."""
    if rule.rate is None:
        return _("按实际时间，每天不超过该年度规定的学时")
    said = _(RATES[rule.unit]) % {"rate": plain(rule.rate)}
    if own := list(_grades(rule)):
        return _("%(rate)s（%(grades)s）") % {"rate": said, "grades": _("、").join(own)}
    return said


def _grades(rule: ActivityRule) -> Iterator[str]:
    if rule.graded_by is not None:
        for grade in claim_details.CHOICES[rule.graded_by]:
            if grade in rule.grades:
                yield f"{word(grade)} {rule.grades[grade]}"


def cap(rule: ActivityRule) -> str:
    caps = []
    if rule.most_per_item is not None:
        caps.append(_("每条记录最多 %(most)s 学时") % {"most": plain(rule.most_per_item)})
    if rule.most_per_year is not None:
        caps.append(_("每年最多 %(most)s 学时") % {"most": plain(rule.most_per_year)})
    return _("；").join(caps) or _("不限")


def asked(rule: ActivityRule) -> str:
    return _("、").join(word(field) for field in claim_details.asked(rule)) or _("无")


def origin(rule: ActivityRule) -> str:
    return _("示例，非广东省官方标准") if rule.is_example else _("第 %(edition)s 版") % {"edition": rule.edition}

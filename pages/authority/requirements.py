"""What holds for everybody's hours: when they may be declared, and how those of each type of activity are reckoned."""

from web import claim_windows, rule_list, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "windows": View(N_("申报时间"), claim_windows.draw),
        "rules": View(N_("活动类型规则"), rule_list.draw),
    },
)

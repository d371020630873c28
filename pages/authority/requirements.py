"""What holds for everybody's hours: how many a year asks for, when they are declared, how activities are reckoned.

And of whom less is asked for.
"""

from services.to_do import ToDo
from web import claim_windows, exemption_proposal, exemption_queue, requirement_list, rule_list, views
from web.i18n import N_
from web.session import current_actor
from web.statistics_runs import draw_notice
from web.views import View

actor = current_actor()
draw_notice(actor)
views.draw(
    actor,
    {
        "requirements": View(N_("各年度要求"), requirement_list.draw),
        "windows": View(N_("申报时间"), claim_windows.draw),
        "rules": View(N_("活动类型规则"), rule_list.draw),
        "exemptions": View(N_("减免审批"), exemption_queue.draw, ToDo.EXEMPTIONS_TO_DECIDE),
        "propose": View(N_("提出减免"), exemption_proposal.draw),
    },
)

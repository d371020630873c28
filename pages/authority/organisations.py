"""What a supervisor decides about organisations: one view for each kind of decision."""

from web import holding_employers, organisation_change_queue, organisation_queue, views
from web.i18n import N_
from web.session import current_actor
from web.to_do import draw_elsewhere
from web.views import View

actor = current_actor()
draw_elsewhere(actor, "authority/organisations")
views.draw(
    actor,
    {
        "organisations": View(N_("单位与机构"), organisation_queue.draw),
        "changes": View(N_("资料变更"), organisation_change_queue.draw),
        "holding": View(N_("代管单位"), holding_employers.draw),
    },
)

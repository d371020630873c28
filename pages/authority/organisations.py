"""What a supervisor decides about organisations and their people: one view for each kind of decision."""

from services.to_do import ToDo
from web import (
    holding_employers,
    identity_queue,
    organisation_change_queue,
    organisation_queue,
    resemblance_queue,
    views,
)
from web.i18n import N_
from web.session import current_actor
from web.to_do import CHANGES, IDENTITIES
from web.views import View

views.draw(
    current_actor(),
    {
        "organisations": View(N_("单位与机构"), organisation_queue.draw, ToDo.ORGANISATIONS_TO_DECIDE),
        CHANGES: View(N_("资料变更"), organisation_change_queue.draw, ToDo.ORGANISATION_CHANGES_TO_DECIDE),
        "duplicates": View(N_("名称相近"), resemblance_queue.draw),
        "holding": View(N_("代管单位"), holding_employers.draw),
        IDENTITIES: View(N_("人员身份更正"), identity_queue.draw_for_supervisor, ToDo.IDENTITIES_TO_APPROVE),
    },
)

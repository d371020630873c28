"""The people of an employer: who works here, what they have changed about themselves, and who they are."""

from services.to_do import ToDo
from web import identity_queue, profile_change_queue, staff_list, views
from web.i18n import N_
from web.session import current_actor
from web.to_do import CHANGES, IDENTITIES
from web.views import View

views.draw(
    current_actor(),
    {
        "people": View(N_("人员"), staff_list.draw, ToDo.STAFF_TO_CONFIRM),
        CHANGES: View(N_("资料变更"), profile_change_queue.draw, ToDo.PROFILES_TO_CONFIRM),
        IDENTITIES: View(N_("身份更正"), identity_queue.draw_for_employer, ToDo.IDENTITIES_TO_ENDORSE),
    },
)

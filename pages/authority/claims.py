"""What a supervisor decides about hours: the second level of review, and the audit of what was approved."""

from web import audit_list, recognition_queue, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "recognition": View(N_("待认定"), recognition_queue.draw),
        "audits": View(N_("抽查"), audit_list.draw),
    },
)

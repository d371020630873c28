"""The old systems' rows beside the people of this one: who is meant, the totals, and what somebody misses."""

from services.to_do import ToDo
from web import legacy_totals, missing_record_queue, reconciliation_queue, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "rows": View(N_("逐行核对"), reconciliation_queue.draw, ToDo.LEGACY_TO_RECONCILE),
        "totals": View(N_("学时比对"), legacy_totals.draw),
        "missing": View(N_("缺失申报"), missing_record_queue.draw, ToDo.MISSING_TO_ANSWER),
    },
)

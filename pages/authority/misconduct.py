"""The dishonesty cases of a division: reported, worked from the notice to the decision, objections and repair."""

from web import misconduct_queue, misconduct_report, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "cases": View(N_("失信案件"), misconduct_queue.draw),
        "report": View(N_("登记线索"), misconduct_report.draw_new),
    },
)

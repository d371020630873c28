"""What a supervisor decides about hours: the second level, the audit of what was approved, and the certificates."""

from web import audit_list, certificate_revocation, recognition_queue, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "recognition": View(N_("待认定"), recognition_queue.draw),
        "audits": View(N_("抽查"), audit_list.draw),
        "certificates": View(N_("证书"), certificate_revocation.draw),
    },
)

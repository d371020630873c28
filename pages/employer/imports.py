"""Lists of staff and of hours: template, look through, import, and take back."""

from web import hours_upload, staff_upload, views
from web.i18n import N_
from web.import_list import draw_imports
from web.session import current_actor
from web.views import View

actor = current_actor()
views.draw(
    actor,
    {
        "staff": View(N_("导入人员"), staff_upload.draw),
        "hours": View(N_("导入培训学时"), hours_upload.draw),
    },
)
draw_imports(actor)

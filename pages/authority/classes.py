"""What a supervisor watches of classes: how each went, and each provider."""

from web import class_supervision, views
from web.i18n import N_
from web.session import current_actor
from web.views import View

views.draw(
    current_actor(),
    {
        "classes": View(N_("视图|培训班"), class_supervision.draw_classes),
        "providers": View(N_("视图|施教机构"), class_supervision.draw_providers),
    },
)

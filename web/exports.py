"""Every file that is made when somebody asks for it, by the name that stands in its address."""

from web import progress_export, staff_export, staff_template
from web.download import Export

EXPORTS: dict[str, Export] = {
    "progress": progress_export.make,
    "staff": staff_export.make,
    "staff-template": staff_template.make,
}

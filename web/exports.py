"""Every file that is made when somebody asks for it, by the name that stands in its address."""

from web import (
    attendance_list,
    bound_certificates_export,
    class_calendar,
    dashboard_export,
    event_export,
    event_list,
    explore_export,
    forecast_export,
    forecast_view,
    import_exports,
    import_templates,
    legacy_export,
    own_legacy,
    progress_export,
    staff_certificates_export,
    staff_export,
    transcript_export,
)
from web.download import Export

EXPORTS: dict[str, Export] = {
    "attendance-list": attendance_list.make,
    bound_certificates_export.EXPORT: bound_certificates_export.make,
    class_calendar.EXPORT: class_calendar.make,
    dashboard_export.FIGURES: dashboard_export.figures,
    dashboard_export.REPORT: dashboard_export.report,
    event_list.EXPORT: event_export.make,
    explore_export.EXPORT: explore_export.download,
    "first-passwords": import_exports.handouts,
    forecast_view.EXPORT: forecast_export.make,
    "hours-template": import_templates.hours,
    "import-errors": import_exports.errors,
    "legacy-errors": legacy_export.errors,
    own_legacy.EXPORT: own_legacy.make,
    "progress": progress_export.make,
    "staff": staff_export.make,
    staff_certificates_export.EXPORT: staff_certificates_export.make,
    "staff-template": import_templates.staff,
    transcript_export.EXPORT: transcript_export.make,
}

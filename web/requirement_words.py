"""An edition of the requirements in words: for whom it is, and how many hours it asks for."""

from db.claims import Category
from db.requirements import RequirementEdition
from services import divisions
from services.rules import plain
from web.i18n import _
from web.labels import word


def scope(edition: RequirementEdition) -> str:
    """The people it is for."""
    parts = [divisions.name(edition.division)] if edition.division else []
    if edition.title_series is not None:
        parts.append(_("%(series)s系列") % {"series": word(edition.title_series)})
    return " · ".join(parts) or _("全部人员（通用）")


def hours(edition: RequirementEdition) -> dict[str, str]:
    """By category; what is left open follows the wider rule."""
    asked = {each.category: each.hours for each in edition.requirements}
    said = {category: asked.get(category) for category in Category}
    return {word(category): _("按通用要求") if given is None else plain(given) for category, given in said.items()}

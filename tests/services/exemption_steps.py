"""Exemptions as the tests ask for them and decide about them."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from db.claims import Category
from db.exemptions import Exemption, ExemptionAction, ExemptionReason
from services import exemptions
from services.clock import today
from services.exemption_form import ExemptionForm
from services.permissions import Actor

HALF = {Category.PROFESSIONAL: Decimal(21)}


def form(**changes: object) -> ExemptionForm:
    made = ExemptionForm(today().year, ExemptionReason.MATERNITY, "三月至九月休产假。", {**HALF})
    return replace(made, **changes)  # type: ignore[arg-type]  # of a test's own


def act(
    session: Session, actor: Actor, exemption: Exemption, action: ExemptionAction, opinion: str = "已核对。"
) -> Exemption:
    done = exemptions.act(session, actor, exemption.id, action, seen=exemption.version, opinion=opinion)
    session.flush()
    return done

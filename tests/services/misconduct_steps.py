"""Steps of dishonesty cases as the tests take them."""

from sqlalchemy.orm import Session

from db.misconduct import MisconductAction, MisconductRecord
from services import misconduct
from services.permissions import Actor


def act(
    session: Session, actor: Actor, case: MisconductRecord, action: MisconductAction, **more: object
) -> MisconductRecord:
    said: dict[str, object] = {"opinion": "已核实。", **more}
    done = misconduct.act(session, actor, case.id, action, seen=case.version, **said)  # type: ignore[arg-type]
    session.flush()
    return done

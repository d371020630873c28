"""Questions about old rows that somebody wants to ask again, each with the answer of that day."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.locks import hold
from db.snapshots import SavedQuestion
from services import fields, own_account, questions
from services.clock import now
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.permissions import Actor, Permission, require
from services.pivots import TOTAL, Pivot
from services.questions import Question

NAME = N_("问题名称")
MOST = 50


class QuestionNameTaken(DomainError):
    message = N_("您已保存过同名的问题，请换一个名称。")


class TooManyQuestions(DomainError):
    message = N_("最多保存 %(most)s 个问题，请先删除不再需要的。")


def _visible_to(actor: Actor) -> Select[SavedQuestion]:
    require(actor, Permission.LEGACY_EXPLORE)
    return select(SavedQuestion).where(SavedQuestion.account_id == actor.account_id)


def list_own(session: Session, actor: Actor) -> Sequence[SavedQuestion]:
    """All of them: there are never more than MOST."""
    return session.scalars(_visible_to(actor).order_by(SavedQuestion.name)).all()


def save(session: Session, actor: Actor, name: str, question: Question, answer: Pivot) -> SavedQuestion:
    """Raises PermissionDenied, InvalidField, QuestionNameTaken, TooManyQuestions."""
    require(actor, Permission.LEGACY_EXPLORE)
    wanted = fields.required_text(NAME, name)
    own_account.keep_open(session, actor)
    hold(session, f"questions of account {actor.account_id}")
    if session.scalar(_visible_to(actor).where(SavedQuestion.name == wanted)) is not None:
        raise QuestionNameTaken
    if (session.scalar(_visible_to(actor).with_only_columns(func.count())) or 0) >= MOST:
        raise TooManyQuestions(most=MOST)
    saved = SavedQuestion(
        account_id=actor.account_id,
        name=wanted,
        words=questions.words(question),
        saved_at=now(),
        snapshot_id=answer.snapshot.id,
        snapshot_hash=answer.snapshot.sha256,
        figure=figure(answer),
        figure_hash=answer.digest,
    )
    session.add(saved)
    session.flush()
    record(session, actor, "question_save", saved, after={"figure": saved.figure, "sha256": saved.figure_hash})
    return saved


def figure(answer: Pivot) -> str:
    """The figure over all groups, 0 where there are none."""
    return str(answer.told(TOTAL, TOTAL) or 0)


def delete(session: Session, actor: Actor, question_id: int) -> None:
    """Raises PermissionDenied, NotFound."""
    saved = session.scalar(_visible_to(actor).where(SavedQuestion.id == question_id))
    if saved is None:
        raise NotFound
    record(session, actor, "question_delete", saved, before={"figure": saved.figure, "sha256": saved.figure_hash})
    session.delete(saved)

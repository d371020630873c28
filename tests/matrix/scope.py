"""Whose things each role reaches, where it has the permission at all."""

from collections.abc import Collection, Mapping

from services.permissions import Actor, Permission
from tests.matrix.world import Relation, Who

NOBODYS: frozenset[Relation] = frozenset()
OWN = frozenset({Relation.OWN})
HOUSE = OWN | {Relation.COLLEAGUE}
DIVISION = HOUSE | {Relation.NEIGHBOUR}
ALL = frozenset(Relation)

USUAL: Mapping[Who, frozenset[Relation]] = {
    Who.VISITOR: NOBODYS,
    Who.PROFESSIONAL: OWN,
    Who.EMPLOYER: HOUSE,
    Who.PROVIDER: HOUSE,
    Who.SUPERVISOR: DIVISION,
    Who.ANALYST: ALL,
    Who.ADMINISTRATOR: ALL,
    Who.NEW: OWN,
    Who.UNPROVEN: OWN,
    Who.SUSPENDED_EMPLOYER: HOUSE,
    Who.SUSPENDED_PROVIDER: HOUSE,
}
_OF_THE_EMPLOYER = {Who.PROVIDER: NOBODYS, Who.SUSPENDED_PROVIDER: NOBODYS}
_OPEN_CLASS = {Who.PROFESSIONAL: DIVISION}
_ANY_EMPLOYER = {Who.PROFESSIONAL: ALL}
_OWN_WORK = {Who.ANALYST: HOUSE}
_LOCAL = (Who.PROFESSIONAL, Who.EMPLOYER, Who.PROVIDER, Who.SUSPENDED_EMPLOYER, Who.SUSPENDED_PROVIDER)
_ANNOUNCED = dict.fromkeys(_LOCAL, DIVISION)
_EVERYBODYS_RULES = {Who.SUPERVISOR: ALL}
UNUSUAL: Mapping[str, Mapping[Who, frozenset[Relation]]] = {
    # A professional may choose among all employers, and among the classes that are open to his division.
    "bindings.request": _ANY_EMPLOYER,
    "bindings.request_transfer": _ANY_EMPLOYER,
    "class_choice.get": _OPEN_CLASS,
    "class_files.read": _OPEN_CLASS,
    "enrolling.enrol": _OPEN_CLASS,
    # One class is always open; a number that leads nowhere opens another one of his own.
    "class_selection.to_complete": {Who.PROVIDER: ALL},
    "class_selection.to_review": {Who.PROVIDER: ALL},
    # The analysts see all rows of the old systems, but what each of them keeps for himself is his.
    "exploration_files.read": _OWN_WORK,
    "saved_questions.delete": _OWN_WORK,
    # A notice is for its division.
    "notice_board.read": _ANNOUNCED,
    "notice_board.take_note": _ANNOUNCED,
    # The organisation that is asked for is an employer, which a provider does not act for.
    "organisation_changes.list_own": _OF_THE_EMPLOYER,
    "organisation_changes.request": _OF_THE_EMPLOYER,
    "organisation_changes.update_contact": _OF_THE_EMPLOYER,
    "organisation_changes.withdraw": _OF_THE_EMPLOYER,
    "organisations.resubmit": _OF_THE_EMPLOYER,
    "reviewers.appoint": _OF_THE_EMPLOYER,
    "reviewers.appoint_new": _OF_THE_EMPLOYER,
    "reviewers.can_manage": _OF_THE_EMPLOYER,
    "reviewers.of": _OF_THE_EMPLOYER,
    "reviewers.remove": _OF_THE_EMPLOYER,
    # What years ask for holds for everybody, so the topmost supervisors share the drafts.
    "requirement_editions.discard": _EVERYBODYS_RULES,
    "requirement_editions.list_drafts": _EVERYBODYS_RULES,
    "requirement_editions.put_in_force": _EVERYBODYS_RULES,
    "requirement_trials.flipping": _EVERYBODYS_RULES,
    "requirement_trials.run": _EVERYBODYS_RULES,
    # The session is the professional's.
    "sessions.end_session": {who: NOBODYS for who in Who if who is not Who.PROFESSIONAL},
}


def reaches(name: str, who: Who) -> frozenset[Relation]:
    return UNUSUAL.get(name, {}).get(who, USUAL[who])


def may(actor: Actor, who: Who, name: str, needed: Collection[Permission], relation: Relation) -> bool:
    return bool(actor.permissions & set(needed)) and relation in reaches(name, who)

"""Refusals. The class is the rule that was broken; the sentence tells the user what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


def N_(message: str) -> str:
    """Mark a text for the catalogue; the web layer translates it when it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence inside another one, or of its own: put into words when it is shown, in the reader's language."""

    message: str
    params: Mapping[str, object]

    def __str__(self) -> str:
        return self.message % self.params


class DomainError(Exception):
    """A refusal with its sentence; `params` fill the sentence's named places."""

    message: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params


class PermissionDenied(DomainError):
    message = N_("您没有进行此操作的权限。")


class NotFound(DomainError):
    """Also raised for what exists outside the actor's scope, so that nobody learns of it."""

    message = N_("没有找到该内容，可能已被删除或不属于您的管理范围。")


class WrongStatus(DomainError):
    message = N_("内容已发生变化，请刷新页面后查看最新状态再操作。")


class InvalidField(DomainError):
    """A value that the rule of its field refuses; `field` is the field's label."""

    message = N_("%(field)s：%(reason)s")

    def __init__(self, field: str, reason: str, **params: object) -> None:
        super().__init__(**params)
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return self.message % {"field": self.field, "reason": self.reason % self.params}


class LeftOut(InvalidField):
    """Fields that must be filled in, all of them at once."""

    def __init__(self, labels: Sequence[str], reason: str = N_("请填写。")) -> None:
        super().__init__("、".join(labels), reason)
        self.labels = labels

"""What happened in the demo, told through the services in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from services import clock

Play = Callable[[Session], object]


@dataclass(frozen=True, order=True, slots=True)
class Scene:
    at: datetime
    number: int
    play: Play = field(compare=False)


class Story:
    """Scenes may be added in any order."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._scenes: list[Scene] = []

    def add(self, at: datetime, play: Play) -> None:
        """What would happen after the end has not happened yet, and is left out."""
        if at < self.end:
            self._scenes.append(Scene(at, len(self._scenes), play))

    def tell(self, session: Session, on_progress: Callable[[int, int], None]) -> None:
        """`on_progress` is told how many scenes of how many are over."""
        for over, scene in enumerate(sorted(self._scenes), 1):
            with clock.at(scene.at):
                scene.play(session)
            on_progress(over, len(self._scenes))

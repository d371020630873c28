"""Stored files that a row has stopped naming."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Digest


class DiscardedFile(Base):
    """A file that is to be removed from the storage, unless another row names the same content."""

    __tablename__ = "discarded_file"

    sha256: Mapped[Digest] = mapped_column(primary_key=True)
    discarded_at: Mapped[datetime]

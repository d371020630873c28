"""Files in the storage, as rows name them by their content."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Digest, Name, PrimaryKey


class StoredFile:
    """A file that was let in: the cleaned copy that is shown and the original as it came, both by their hash."""

    id: Mapped[PrimaryKey]
    file_name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(String(50))
    size: Mapped[int]
    sha256: Mapped[Digest]
    original_sha256: Mapped[Digest]


class DiscardedFile(Base):
    """A file that is to be removed from the storage, unless another row names the same content."""

    __tablename__ = "discarded_file"

    sha256: Mapped[Digest] = mapped_column(primary_key=True)
    discarded_at: Mapped[datetime]

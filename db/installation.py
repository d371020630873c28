"""What this database is for."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from db.base import Base, PrimaryKey


class Demo(Base):
    """One row when the demo pilot was loaded; an ordinary database has none."""

    __tablename__ = "demo"

    id: Mapped[PrimaryKey]
    loaded_at: Mapped[datetime]

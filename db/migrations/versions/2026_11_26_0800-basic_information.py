"""Basic information: titles, degrees, licences, and the changes that others decide."""

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, JSON, MOMENT, one_of

revision = "5d84e7053111"
down_revision = "b84f1d6a03e7"

ETHNICITIES = (
    "han mongol hui zang uygur miao yi zhuang buyei chosen man dong yao bai tujia hani kazak dai li lisu va she "
    "gaoshan lahu sui dongxiang naxi jingpo kirgiz tu daur mulao qiang blang salar maonan gelao xibe achang pumi tajik "
    "nu uzbek russ ewenki deang bonan yugur gin tatar derung oroqen hezhen monba lhoba jino other"
)
SERIES = (
    "engineering teaching health agriculture research economics accounting statistics publishing arts library law other"
)
NEW_TEXTS = {"native_place": 100, "position": 100, "honours": 500}
TABLES = (
    "profile_change_item",
    "profile_change",
    "identity_file",
    "identity_change",
    "licence",
    "degree",
    "title",
)


def upgrade() -> None:
    _extend_person()
    _create_qualifications()
    _create_profile_changes()
    _create_identity_changes()
    _copy_titles()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("person") as person:
        person.drop_constraint(op.f("ck_person_ethnicity_ethnicity"), type_="check")
        for column in ("ethnicity", "practising_since", *NEW_TEXTS):
            person.drop_column(column)


def _extend_person() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("ethnicity", one_of("ethnicity", *ETHNICITIES.split())))
        person.add_column(sa.Column("practising_since", BIG_ID))
        for name, length in NEW_TEXTS.items():
            person.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("person") as person:
        for name in NEW_TEXTS:
            person.alter_column(name, server_default=None)


def _person_id(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    column = sa.Column("person_id", BIG_ID, nullable=False)
    return column, sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"))


def _create_qualifications() -> None:
    op.create_table(
        "title",
        sa.Column("id", BIG_ID, nullable=False),
        *_person_id("title"),
        sa.Column("series", one_of("titleseries", *SERIES.split()), nullable=False),
        sa.Column(
            "level", one_of("titlelevel", "none", "junior", "middle", "associate_senior", "senior"), nullable=False
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("specialty", sa.String(length=100), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=True),
        sa.Column("approving_body", sa.String(length=100), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
    )
    op.create_index("ix_title_person_id", "title", ["person_id"])
    _one_where("uq_title_one_current", "title", ["person_id"], "is_current")
    op.create_table(
        "degree",
        sa.Column("id", BIG_ID, nullable=False),
        *_person_id("degree"),
        sa.Column("school", sa.String(length=100), nullable=False),
        sa.Column("major", sa.String(length=100), nullable=False),
        sa.Column(
            "education_level",
            one_of("educationlevel", "secondary", "college", "undergraduate", "postgraduate"),
            nullable=False,
        ),
        sa.Column("degree_level", one_of("degreelevel", "none", "bachelor", "master", "doctor"), nullable=False),
        sa.Column("graduated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_degree")),
    )
    op.create_index("ix_degree_person_id", "degree", ["person_id"])
    op.create_table(
        "licence",
        sa.Column("id", BIG_ID, nullable=False),
        *_person_id("licence"),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("issuing_body", sa.String(length=100), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("issued_on <= valid_until", name=op.f("ck_licence_is_valid_after_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence")),
    )
    op.create_index("ix_licence_person_id", "licence", ["person_id"])


def _one_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _create_profile_changes() -> None:
    op.create_table(
        "profile_change",
        sa.Column("id", BIG_ID, nullable=False),
        *_person_id("profile_change"),
        sa.Column("employer_id", BIG_ID, nullable=True),
        sa.Column(
            "status",
            one_of("profilechangestatus", "draft", "requested", "returned", "confirmed", "discarded"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "status <> 'requested' OR requested_at IS NOT NULL", name=op.f("ck_profile_change_requested_once")
        ),
        sa.CheckConstraint(
            "status NOT IN ('returned', 'confirmed') OR decided_at IS NOT NULL",
            name=op.f("ck_profile_change_decided_once"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_profile_change_decided_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_profile_change_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_change")),
    )
    op.create_index("ix_profile_change_person_id", "profile_change", ["person_id"])
    op.create_index("ix_profile_change_decided", "profile_change", ["employer_id", "status", "id"])
    _one_where(
        "uq_profile_change_one_open",
        "profile_change",
        ["person_id"],
        "status IN ('draft', 'requested', 'returned')",
    )
    op.create_table(
        "profile_change_item",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("change_id", BIG_ID, nullable=False),
        sa.Column("part", one_of("profilepart", "work", "title", "degree", "licence"), nullable=False),
        sa.Column("entry_id", BIG_ID, nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.CheckConstraint(
            "part <> 'work' OR entry_id IS NOT NULL", name=op.f("ck_profile_change_item_work_is_the_persons")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["profile_change.id"], name=op.f("fk_profile_change_item_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_change_item")),
    )
    op.create_index("ix_profile_change_item_change_id", "profile_change_item", ["change_id"])
    _one_where(
        "uq_profile_change_item_once",
        "profile_change_item",
        ["change_id", "part", "entry_id"],
        "entry_id IS NOT NULL",
    )


def _create_identity_changes() -> None:
    op.create_table(
        "identity_change",
        sa.Column("id", BIG_ID, nullable=False),
        *_person_id("identity_change"),
        sa.Column("employer_id", BIG_ID, nullable=True),
        sa.Column(
            "status",
            one_of("identitychangestatus", "requested", "endorsed", "approved", "returned", "withdrawn"),
            nullable=False,
        ),
        sa.Column("old_name", sa.String(length=100), nullable=False),
        sa.Column("new_name", sa.String(length=100), nullable=True),
        sa.Column("old_id_number", sa.LargeBinary(), nullable=False),
        sa.Column("old_id_number_masked", sa.String(length=18), nullable=False),
        sa.Column("new_id_number", sa.LargeBinary(), nullable=True),
        sa.Column("new_id_number_masked", sa.String(length=18), nullable=True),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("endorsed_at", MOMENT, nullable=True),
        sa.Column("endorsed_by_id", BIG_ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "new_name IS NOT NULL OR new_id_number IS NOT NULL", name=op.f("ck_identity_change_changes_something")
        ),
        sa.CheckConstraint(
            "(new_id_number IS NULL) = (new_id_number_masked IS NULL)", name=op.f("ck_identity_change_number_with_mask")
        ),
        sa.CheckConstraint(
            "status NOT IN ('endorsed', 'approved') OR (employer_id IS NOT NULL AND endorsed_by_id IS NOT NULL)",
            name=op.f("ck_identity_change_endorsed_by_an_employer"),
        ),
        sa.CheckConstraint(
            "endorsed_by_id <> decided_by_id OR status <> 'approved'",
            name=op.f("ck_identity_change_approved_by_another"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_identity_change_decided_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_identity_change_employer_id")),
        sa.ForeignKeyConstraint(["endorsed_by_id"], ["account.id"], name=op.f("fk_identity_change_endorsed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_change")),
    )
    op.create_index("ix_identity_change_person_id", "identity_change", ["person_id"])
    op.create_index("ix_identity_change_queue", "identity_change", ["employer_id", "status", "id"])
    _one_where(
        "uq_identity_change_one_open",
        "identity_change",
        ["person_id"],
        "status IN ('requested', 'endorsed')",
    )
    op.create_table(
        "identity_file",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("change_id", BIG_ID, nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["identity_change.id"], name=op.f("fk_identity_file_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_file")),
        sa.UniqueConstraint("change_id", "original_sha256", name=op.f("uq_identity_file_change_id_original_sha256")),
    )


def _copy_titles() -> None:
    """The one title that a person could say so far becomes the current one among several."""
    op.execute(
        "INSERT INTO title (person_id, series, level, name, specialty, approving_body, is_current) "
        "SELECT id, coalesce(title_series, 'other'), title_level, title_name, '', '', true FROM person "
        "WHERE title_level <> 'none' OR title_name <> ''"
    )

"""The main job: people, employers, hour claims, statistics, certificates and the event log."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from db.migrations.types import BIG_ID, HOURS, JSON, MOMENT, one_of

revision = "5b1e0c7d2f4a"
down_revision = None

FIRST_YEAR, DAY_CAP_YEAR, LAST_YEAR = 2010, 2021, 2030
UNCONFIRMED = (2018, 2019)

EVENTS_STAY_ON_SQLITE = (
    "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event "
    "BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
    # INSERT OR REPLACE deletes without the trigger above.
    "CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event "
    "WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR hash = NEW.hash) "
    "BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
)
EVENTS_STAY_ON_POSTGRESQL = (
    "CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$",
    "CREATE TRIGGER event_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()",
)


def upgrade() -> None:
    _create_tables()
    _protect_events()
    _insert_event_head()
    _insert_requirements()
    _insert_claim_years()


def downgrade() -> None:
    _drop_tables()
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_event_change()")


def _protect_events() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    for statement in EVENTS_STAY_ON_POSTGRESQL if on_postgresql else EVENTS_STAY_ON_SQLITE:
        op.execute(statement)


def _insert_event_head() -> None:
    head = sa.table("event_head", sa.column("id"), sa.column("last_event_id"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "last_event_id": 0, "hash": "0" * 64}])


def _insert_requirements() -> None:
    """Hours are stored as tenths."""
    names = ("year", "category", "hours", "confirmed")
    requirement = sa.table("requirement", *(sa.column(name) for name in names))
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    rows = [(year, category, hours * 10, year not in UNCONFIRMED) for year in years for category, hours in _hours(year)]
    op.bulk_insert(requirement, [dict(zip(names, row, strict=True)) for row in rows])


def _hours(year: int) -> list[tuple[str, int]]:
    return [
        ("general", 18 if year < 2018 else 30),
        ("professional", 42),
        ("elective", 12 if year < 2021 else 18),
    ]


def _insert_claim_years() -> None:
    names = ("year", "claim_from", "claim_to", "hours_per_day")
    dates = {"claim_from": sa.Date(), "claim_to": sa.Date()}
    columns = [sa.column(name, dates.get(name, sa.Integer())) for name in names]
    rows = [
        (year, date(year, 1, 1), date(year + 1, 4, 30), 80 if year >= DAY_CAP_YEAR else 60)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    op.bulk_insert(sa.table("claim_year", *columns), [dict(zip(names, row, strict=True)) for row in rows])


def _create_tables() -> None:
    op.create_table(
        "account",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("status", one_of("accountstatus", "active", "suspended"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("totp_secret", sa.String(length=200), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", one_of("attemptkind", "sign_in", "registration", "verification", "totp"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_address", "attempt", ["kind", "address", "at"])
    op.create_index("ix_attempt_key", "attempt", ["kind", "key", "at"])
    op.create_table(
        "certificate_serial",
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("last_serial", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("division", "year", name=op.f("pk_certificate_serial")),
    )
    op.create_table(
        "claim_year",
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("claim_from", sa.Date(), nullable=False),
        sa.Column("claim_to", sa.Date(), nullable=False),
        sa.Column("hours_per_day", HOURS, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_claim_year")),
    )
    op.create_table(
        "demo",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo")),
    )
    op.create_table(
        "event_head",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("last_event_id", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_head")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "requirement",
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("category", one_of("category", "general", "professional", "elective"), nullable=False),
        sa.Column("hours", HOURS, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", "category", name=op.f("pk_requirement")),
    )
    op.create_table(
        "statistics_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("status", one_of("runstatus", "running", "finished", "failed"), nullable=False),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("people", BIG_ID, nullable=False),
        sa.Column("rows_changed", BIG_ID, nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_run")),
    )
    op.create_table(
        "auth_session",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("remembered", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_auth_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_session_token_hash")),
    )
    op.create_index("ix_auth_session_account_id", "auth_session", ["account_id"])
    op.create_table(
        "event",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("object_type", sa.String(length=32), nullable=False),
        sa.Column("object_id", BIG_ID, nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_event_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
    )
    op.create_index("ix_event_action", "event", ["action", "id"])
    op.create_index("ix_event_actor", "event", ["actor_id", "id"])
    op.create_index("ix_event_object", "event", ["object_type", "object_id"])
    op.create_table(
        "organisation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", one_of("organisationkind", "employer", "provider"), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("contact_name", sa.String(length=100), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column(
            "status", one_of("organisationstatus", "applied", "approved", "returned", "suspended"), nullable=False
        ),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_organisation_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index("ix_organisation_choice", "organisation", ["kind", "status", "division"])
    op.create_index("ix_organisation_queue", "organisation", ["status", "division", "applied_at"])
    op.create_index("uq_organisation_uscc", "organisation", ["uscc", "kind"], unique=True)
    op.create_table(
        "password_history",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_history_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
    )
    op.create_index("ix_password_history_account_id", "password_history", ["account_id", "id"])
    op.create_table(
        "person",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_digest", sa.String(length=64), nullable=False),
        sa.Column("id_number_masked", sa.String(length=18), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", one_of("sex", "female", "male"), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column(
            "title_series",
            one_of(
                "titleseries",
                "engineering",
                "teaching",
                "health",
                "agriculture",
                "research",
                "economics",
                "accounting",
                "statistics",
                "publishing",
                "arts",
                "library",
                "law",
                "other",
            ),
            nullable=True,
        ),
        sa.Column(
            "title_level",
            one_of("titlelevel", "none", "junior", "middle", "associate_senior", "senior"),
            nullable=False,
        ),
        sa.Column("title_name", sa.String(length=100), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("version", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("account_id", name=op.f("uq_person_account_id")),
        sa.UniqueConstraint("id_number_digest", name=op.f("uq_person_id_number_digest")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("remember", sa.Boolean(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ticket_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_ticket_ticket_hash")),
    )
    op.create_table(
        "account_grant",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column(
            "role",
            one_of("role", "professional", "employer", "provider", "supervisor", "analyst", "administrator"),
            nullable=False,
        ),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("granted_by_id", BIG_ID, nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(role = 'supervisor') = (division IS NOT NULL)", name=op.f("ck_account_grant_supervisors_name_a_division")
        ),
        sa.CheckConstraint(
            "(role IN ('employer', 'provider')) = (organisation_id IS NOT NULL)",
            name=op.f("ck_account_grant_organisation_roles_name_one"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_account_grant_granted_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_grant_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
    )
    op.create_index("ix_account_grant_organisation_id", "account_grant", ["organisation_id"])
    op.create_index(
        "uq_account_grant_scope", "account_grant", ["account_id", "role", "organisation_id", "division"], unique=True
    )
    op.create_table(
        "annual_summary",
        sa.Column("person_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("year", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("general", HOURS, nullable=False),
        sa.Column("professional", HOURS, nullable=False),
        sa.Column("elective", HOURS, nullable=False),
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "year", name=op.f("pk_annual_summary")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "binding",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column(
            "status", one_of("bindingstatus", "requested", "active", "ended", "refused", "withdrawn"), nullable=False
        ),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_binding_decided_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_binding_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_binding_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index("ix_binding_person_id", "binding", ["person_id"])
    op.create_index("ix_binding_staff", "binding", ["organisation_id", "status", "id"])
    op.create_index(
        "uq_binding_one_active",
        "binding",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "uq_binding_one_request",
        "binding",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("status = 'requested'"),
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(length=17), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("status", one_of("certificatestatus", "issued", "superseded", "revoked"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("statement", JSON, nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["statistics_run.id"], name=op.f("fk_certificate_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index("ix_certificate_person_id", "certificate", ["person_id", "year"])
    op.create_index(
        "uq_certificate_one_issued",
        "certificate",
        ["person_id", "year"],
        unique=True,
        sqlite_where=sa.text("status = 'issued'"),
        postgresql_where=sa.text("status = 'issued'"),
    )
    op.create_table(
        "claim",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("employer_id", BIG_ID, nullable=True),
        sa.Column("year", BIG_ID, nullable=False),
        sa.Column("category", one_of("category", "general", "professional", "elective"), nullable=False),
        sa.Column(
            "activity_type",
            one_of(
                "activitytype",
                "training",
                "conference",
                "lecture",
                "paper",
                "book",
                "patent",
                "project",
                "award",
                "exam",
                "degree",
                "teaching",
                "practice",
                "self_study",
                "service",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("organiser", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("hours_claimed", HOURS, nullable=False),
        sa.Column("hours_awarded", HOURS, nullable=True),
        sa.Column("source", one_of("claimsource", "person"), nullable=False),
        sa.Column(
            "status",
            one_of("claimstatus", "draft", "submitted", "endorsed", "approved", "returned", "rejected", "revoked"),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("attested_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "(status IN ('approved', 'revoked')) = (hours_awarded IS NOT NULL)",
            name=op.f("ck_claim_approved_has_award"),
        ),
        sa.CheckConstraint("status = 'draft' OR employer_id IS NOT NULL", name=op.f("ck_claim_sent_to_an_employer")),
        sa.CheckConstraint(
            "hours_awarded IS NULL OR hours_awarded BETWEEN 1 AND hours_claimed",
            name=op.f("ck_claim_award_within_claim"),
        ),
        sa.CheckConstraint("hours_claimed > 0", name=op.f("ck_claim_hours_are_positive")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("ck_claim_ends_after_start")),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_claim_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_claim_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claim_queue", "claim", ["employer_id", "status", "submitted_at", "id"])
    op.create_index("ix_claim_statistics", "claim", ["person_id", "year", "status", "category", "hours_awarded"])
    op.create_table(
        "claim_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column(
            "action",
            one_of("claimaction", "create", "submit", "withdraw", "approve", "return", "reject"),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            one_of("claimstatus", "draft", "submitted", "endorsed", "approved", "returned", "rejected", "revoked"),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            one_of("claimstatus", "draft", "submitted", "endorsed", "approved", "returned", "rejected", "revoked"),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=500), nullable=False),
        sa.Column("hours", HOURS, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_claim_step_actor_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_step_claim_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claim_step_claim_id", "claim_step", ["claim_id", "id"])
    op.create_table(
        "evidence",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("claim_id", "original_sha256", name=op.f("uq_evidence_claim_id_original_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evidence_original_sha256", "evidence", ["original_sha256"])


def _drop_tables() -> None:
    op.drop_table("evidence")
    op.drop_table("claim_step")
    op.drop_table("claim")
    op.drop_table("certificate")
    op.drop_table("binding")
    op.drop_table("annual_summary")
    op.drop_table("account_grant")
    op.drop_table("ticket")
    op.drop_table("person")
    op.drop_table("password_history")
    op.drop_table("organisation")
    op.drop_table("event")
    op.drop_table("auth_session")
    op.drop_table("statistics_run")
    op.drop_table("requirement")
    op.drop_table("lease")
    op.drop_table("event_head")
    op.drop_table("demo")
    op.drop_table("claim_year")
    op.drop_table("certificate_serial")
    op.drop_table("attempt")
    op.drop_table("account")

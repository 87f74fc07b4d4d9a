"""Make the tables of identity: links in mails, second factor, limits, the security log."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, Sha256, UtcDateTime

revision = "2026_11_22_identity"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    op.create_table(
        "attempt_counters",
        sa.Column("key", Sha256, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempt_counters"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_attempt_counters_expires_at", "attempt_counters", ["expires_at"], if_not_exists=True
    )
    op.create_table(
        "security_events",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("address_prefix", sa.String(length=50), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_events"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_security_events_account_id_id",
        "security_events",
        ["account_id", "id"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_security_events_actor_id_id", "security_events", ["actor_id", "id"], if_not_exists=True
    )
    op.create_table(
        "reserved_handles",
        sa.Column("handle", sa.String(length=290), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_reserved_handles"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "account_tokens",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["users.account_id"],
            name="fk_account_tokens_account_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account_tokens"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_account_tokens_account_id_purpose",
        "account_tokens",
        ["account_id", "purpose"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_account_tokens_expires_at", "account_tokens", ["expires_at"], if_not_exists=True
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("code_hash", Sha256, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["users.account_id"],
            name="fk_recovery_codes_account_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_recovery_codes_account_id", "recovery_codes", ["account_id"], if_not_exists=True
    )


def downgrade() -> None:
    op.drop_table("reserved_handles", if_exists=True)
    op.drop_table("security_events", if_exists=True)
    op.drop_table("attempt_counters", if_exists=True)
    op.drop_table("recovery_codes", if_exists=True)
    op.drop_table("account_tokens", if_exists=True)

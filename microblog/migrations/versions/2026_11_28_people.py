"""Give people mutes, blocks, follow requests, a header and fields."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, LongText

revision = "2026_11_28_people"
down_revision = "2026_11_28_answers_and_acts"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    _add("accounts", sa.Column("header", sa.String(length=100), nullable=True))
    _add(
        "accounts", sa.Column("is_locked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _add("accounts", sa.Column("fields", LongText, nullable=True))
    _add(
        "follows", sa.Column("shows_boosts", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    _add("users", sa.Column("people_version", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "blocks",
        sa.Column("blocker_id", Id, autoincrement=False, nullable=False),
        sa.Column("blocked_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["blocked_id"],
            ["accounts.id"],
            name="fk_blocks_blocked_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["blocker_id"],
            ["accounts.id"],
            name="fk_blocks_blocker_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name="pk_blocks"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"], if_not_exists=True)
    op.create_index("ix_blocks_blocker_id_id", "blocks", ["blocker_id", "id"], if_not_exists=True)
    op.create_table(
        "mutes",
        sa.Column("muter_id", Id, autoincrement=False, nullable=False),
        sa.Column("muted_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["muted_id"], ["accounts.id"], name="fk_mutes_muted_id_accounts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["muter_id"], ["accounts.id"], name="fk_mutes_muter_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("muter_id", "muted_id", name="pk_mutes"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index("ix_mutes_muted_id", "mutes", ["muted_id"], if_not_exists=True)
    op.create_index("ix_mutes_muter_id_id", "mutes", ["muter_id", "id"], if_not_exists=True)
    op.create_table(
        "follow_requests",
        sa.Column("follower_id", Id, autoincrement=False, nullable=False),
        sa.Column("followed_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["followed_id"],
            ["accounts.id"],
            name="fk_follow_requests_followed_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["accounts.id"],
            name="fk_follow_requests_follower_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name="pk_follow_requests"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_follow_requests_followed_id_id",
        "follow_requests",
        ["followed_id", "id"],
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("follow_requests", if_exists=True)
    op.drop_table("mutes", if_exists=True)
    op.drop_table("blocks", if_exists=True)
    _drop("users", "people_version")
    _drop("follows", "shows_boosts")
    _drop("accounts", "fields")
    _drop("accounts", "is_locked")
    _drop("accounts", "header")


def _add(table: str, column: sa.Column[str]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _drop(table: str, column: str) -> None:
    if column in _columns(table):
        op.drop_column(table, column)


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}

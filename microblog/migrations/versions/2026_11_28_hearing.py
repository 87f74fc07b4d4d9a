"""Tell people what happened, and let them write to each other in private."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, LongText, Sha256, UtcDateTime

revision = "2026_11_28_hearing"
down_revision = "2026_11_28_writing"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    _add("users", sa.Column("notifications_read_id", Id, nullable=False, server_default="0"))
    _add(
        "users",
        sa.Column(
            "unwanted_notifications", sa.String(length=200), nullable=False, server_default=""
        ),
    )
    _add(
        "users",
        sa.Column("mailed_notifications", sa.String(length=200), nullable=False, server_default=""),
    )
    _add(
        "users",
        sa.Column("has_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "notifications",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("group_key", sa.String(length=50), nullable=False),
        sa.Column("post_id", Id, nullable=True),
        sa.Column("last_id", Id, nullable=False),
        sa.Column("mailed_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_notifications_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_notifications_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint(
            "account_id", "group_key", name="uq_notifications_account_id_group_key"
        ),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_notifications_account_id_kind_last_id",
        "notifications",
        ["account_id", "kind", "last_id"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_notifications_account_id_last_id",
        "notifications",
        ["account_id", "last_id"],
        if_not_exists=True,
    )
    op.create_index("ix_notifications_post_id", "notifications", ["post_id"], if_not_exists=True)
    op.create_table(
        "notification_actors",
        sa.Column("notification_id", Id, autoincrement=False, nullable=False),
        sa.Column("actor_id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["accounts.id"],
            name="fk_notification_actors_actor_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name="fk_notification_actors_notification_id_notifications",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notification_id", "actor_id", name="pk_notification_actors"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_notification_actors_actor_id_account_id",
        "notification_actors",
        ["actor_id", "account_id"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_notification_actors_notification_id_id",
        "notification_actors",
        ["notification_id", "id"],
        if_not_exists=True,
    )
    op.create_table(
        "conversations",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("members_hash", Sha256, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("members_hash", name="uq_conversations_members_hash"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "conversation_members",
        sa.Column("conversation_id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("last_message_id", Id, nullable=False),
        sa.Column("read_message_id", Id, nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("cleared_message_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_conversation_members_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_conversation_members_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name="pk_conversation_members"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_conversation_members_account_id_state_is_unread",
        "conversation_members",
        ["account_id", "state", "is_unread"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_conversation_members_account_id_state_last_message_id",
        "conversation_members",
        ["account_id", "state", "last_message_id"],
        if_not_exists=True,
    )
    op.create_table(
        "messages",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("html", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_messages_account_id_accounts",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_messages_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "account_id", "idempotency_key", name="uq_messages_account_id_idempotency_key"
        ),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_messages_conversation_id_id", "messages", ["conversation_id", "id"], if_not_exists=True
    )


def downgrade() -> None:
    op.drop_table("messages", if_exists=True)
    op.drop_table("conversation_members", if_exists=True)
    op.drop_table("conversations", if_exists=True)
    op.drop_table("notification_actors", if_exists=True)
    op.drop_table("notifications", if_exists=True)
    _drop("users", "has_shortcuts")
    _drop("users", "mailed_notifications")
    _drop("users", "unwanted_notifications")
    _drop("users", "notifications_read_id")


def _add(table: str, column: sa.Column[str]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _drop(table: str, column: str) -> None:
    if column in _columns(table):
        op.drop_column(table, column)


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}

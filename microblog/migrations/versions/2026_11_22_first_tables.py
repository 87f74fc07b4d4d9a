"""Make the first tables: people and their logins, posts, tags, follows, timelines, outbox."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, LongText, Sha256, UtcDateTime

revision = "2026_11_22_first_tables"
down_revision = None
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=30), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=True),
        sa.Column("handle", sa.String(length=290), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("avatar", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("posts_count", sa.Integer(), nullable=False),
        sa.Column("followers_count", sa.Integer(), nullable=False),
        sa.Column("following_count", sa.Integer(), nullable=False),
        sa.Column("shows_last_seen", sa.Boolean(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("about", LongText, nullable=False),
        sa.Column("about_html", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("handle", name="uq_accounts_handle"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "outbox_events",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("payload", LongText, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("cursor", Id, nullable=True),
        sa.Column("parked_at", UtcDateTime(), nullable=True),
        sa.Column("error", LongText, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_events"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_outbox_events_lane_parked_at_due_at",
        "outbox_events",
        ["lane", "parked_at", "due_at"],
        if_not_exists=True,
    )
    op.create_table(
        "periodic_runs",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_periodic_runs"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "server",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", LongText, nullable=False),
        sa.Column("rules", LongText, nullable=False),
        sa.Column("registration_mode", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_server_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_server"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "tags",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("name", name="uq_tags_name"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_table(
        "follows",
        sa.Column("follower_id", Id, autoincrement=False, nullable=False),
        sa.Column("followed_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("is_backfilled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["followed_id"],
            ["accounts.id"],
            name="fk_follows_followed_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["accounts.id"],
            name="fk_follows_follower_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name="pk_follows"),
        **TABLE_OPTIONS,
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_follows_followed_id_id", "follows", ["followed_id", "id"], if_not_exists=True
    )
    op.create_index(
        "ix_follows_follower_id_id", "follows", ["follower_id", "id"], if_not_exists=True
    )
    op.create_table(
        "posts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("text", LongText, nullable=False),
        sa.Column("html", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_posts_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint(
            "account_id", "idempotency_key", name="uq_posts_account_id_idempotency_key"
        ),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_posts_account_id_id_version_visibility_deleted_at",
        "posts",
        ["account_id", "id", "version", "visibility", "deleted_at"],
        if_not_exists=True,
    )
    op.create_index("ix_posts_visibility_id", "posts", ["visibility", "id"], if_not_exists=True)
    op.create_table(
        "users",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_pending", sa.String(length=64), nullable=True),
        sa.Column("totp_step", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", LongText, nullable=False),
        sa.Column("delete_at", UtcDateTime(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("time_zone", sa.String(length=50), nullable=True),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("timeline_floor", Id, nullable=False),
        sa.Column("pending_follows", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_users_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_users_state_account_id", "users", ["state", "account_id"], if_not_exists=True
    )
    op.create_index("ix_users_delete_at", "users", ["delete_at"], if_not_exists=True)
    op.create_table(
        "login_sessions",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("token_hash", Sha256, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("address_prefix", sa.String(length=50), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["users.account_id"],
            name="fk_login_sessions_account_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_login_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_login_sessions_token_hash"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_login_sessions_account_id", "login_sessions", ["account_id"], if_not_exists=True
    )
    op.create_index(
        "ix_login_sessions_expires_at", "login_sessions", ["expires_at"], if_not_exists=True
    )
    op.create_table(
        "post_tags",
        sa.Column("tag_id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_post_tags_post_id_posts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name="fk_post_tags_tag_id_tags", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", "post_id", name="pk_post_tags"),
        **TABLE_OPTIONS,
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_tags_post_id", "post_tags", ["post_id"], if_not_exists=True)
    op.create_table(
        "timeline_entries",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_timeline_entries_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_timeline_entries_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_timeline_entries"),
        sa.UniqueConstraint("post_id", "account_id", name="uq_timeline_entries_post_id_account_id"),
        **TABLE_OPTIONS,
        if_not_exists=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("timeline_entries", if_exists=True)
    op.drop_table("post_tags", if_exists=True)
    op.drop_table("login_sessions", if_exists=True)
    op.drop_table("users", if_exists=True)
    op.drop_table("posts", if_exists=True)
    op.drop_table("follows", if_exists=True)
    op.drop_table("tags", if_exists=True)
    op.drop_table("server", if_exists=True)
    op.drop_table("periodic_runs", if_exists=True)
    op.drop_table("outbox_events", if_exists=True)
    op.drop_table("accounts", if_exists=True)

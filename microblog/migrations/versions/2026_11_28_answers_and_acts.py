"""Let posts answer posts, and people favourite, boost, bookmark and pin them."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, UtcDateTime

revision = "2026_11_28_answers_and_acts"
down_revision = "2026_11_23_languages"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    _add("posts", sa.Column("reply_to_id", Id, nullable=True))
    _add("posts", sa.Column("reply_to_account_id", Id, nullable=True))
    _add("posts", sa.Column("thread_id", Id, nullable=False, server_default="0"))
    _add("posts", sa.Column("series_id", Id, nullable=True))
    _add("posts", sa.Column("series_number", sa.Integer(), nullable=False, server_default="1"))
    _add("posts", sa.Column("has_replies", sa.Boolean(), nullable=False, server_default=sa.false()))
    _add("posts", sa.Column("replies_count", sa.Integer(), nullable=False, server_default="0"))
    _add("posts", sa.Column("boosts_count", sa.Integer(), nullable=False, server_default="0"))
    _add("posts", sa.Column("favourites_count", sa.Integer(), nullable=False, server_default="0"))
    _add("posts", sa.Column("edited_at", UtcDateTime(), nullable=True))
    _add("posts", sa.Column("warning", sa.String(length=400), nullable=False, server_default=""))
    _add("timeline_entries", sa.Column("boost_id", Id, nullable=True))
    held_back = sa.Column("is_held_back", sa.Boolean(), nullable=False, server_default=sa.false())
    _add("timeline_entries", held_back)
    # A post that was there before began a conversation of its own.
    op.execute(sa.text("UPDATE posts SET thread_id = id WHERE thread_id = 0"))
    op.create_index("ix_posts_account_id_id", "posts", ["account_id", "id"], if_not_exists=True)
    op.drop_index("ix_posts_account_id_id_version_visibility_deleted_at", "posts", if_exists=True)
    op.create_index("ix_posts_reply_to_id_id", "posts", ["reply_to_id", "id"], if_not_exists=True)
    op.create_index(
        "ix_posts_series_id_series_number",
        "posts",
        ["series_id", "series_number"],
        if_not_exists=True,
    )
    op.create_table(
        "post_mentions",
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_post_mentions_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_post_mentions_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", name="pk_post_mentions"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_post_mentions_account_id_post_id",
        "post_mentions",
        ["account_id", "post_id"],
        if_not_exists=True,
    )
    op.create_table(
        "favourites",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_favourites_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_favourites_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "post_id", name="pk_favourites"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_favourites_account_id_id", "favourites", ["account_id", "id"], if_not_exists=True
    )
    op.create_index("ix_favourites_post_id_id", "favourites", ["post_id", "id"], if_not_exists=True)
    op.create_table(
        "boosts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_boosts_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_boosts_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_boosts"),
        sa.UniqueConstraint("post_id", "account_id", name="uq_boosts_post_id_account_id"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index("ix_boosts_account_id_id", "boosts", ["account_id", "id"], if_not_exists=True)
    op.create_table(
        "bookmarks",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_bookmarks_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_bookmarks_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "post_id", name="pk_bookmarks"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_bookmarks_account_id_id", "bookmarks", ["account_id", "id"], if_not_exists=True
    )
    op.create_index("ix_bookmarks_post_id", "bookmarks", ["post_id"], if_not_exists=True)
    op.create_table(
        "pins",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_pins_account_id_accounts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_pins_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "post_id", name="pk_pins"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index("ix_pins_account_id_id", "pins", ["account_id", "id"], if_not_exists=True)
    op.create_index("ix_pins_post_id", "pins", ["post_id"], if_not_exists=True)
    op.create_table(
        "thread_mutes",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("thread_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_thread_mutes_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name="pk_thread_mutes"),
        sqlite_with_rowid=False,
        **TABLE_OPTIONS,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("thread_mutes", if_exists=True)
    op.drop_table("pins", if_exists=True)
    op.drop_table("bookmarks", if_exists=True)
    op.drop_table("boosts", if_exists=True)
    op.drop_table("favourites", if_exists=True)
    op.drop_table("post_mentions", if_exists=True)
    op.drop_index("ix_posts_series_id_series_number", "posts", if_exists=True)
    op.drop_index("ix_posts_reply_to_id_id", "posts", if_exists=True)
    op.create_index(
        "ix_posts_account_id_id_version_visibility_deleted_at",
        "posts",
        ["account_id", "id", "version", "visibility", "deleted_at"],
        if_not_exists=True,
    )
    op.drop_index("ix_posts_account_id_id", "posts", if_exists=True)
    _drop("timeline_entries", "is_held_back")
    _drop("timeline_entries", "boost_id")
    _drop("posts", "warning")
    _drop("posts", "edited_at")
    _drop("posts", "favourites_count")
    _drop("posts", "boosts_count")
    _drop("posts", "replies_count")
    _drop("posts", "has_replies")
    _drop("posts", "series_number")
    _drop("posts", "series_id")
    _drop("posts", "thread_id")
    _drop("posts", "reply_to_account_id")
    _drop("posts", "reply_to_id")


def _add(table: str, column: sa.Column[str]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _drop(table: str, column: str) -> None:
    if column in _columns(table):
        op.drop_column(table, column)


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}

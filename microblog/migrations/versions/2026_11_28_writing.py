"""Give posts pictures and a history, and people drafts."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, LongText, UtcDateTime

revision = "2026_11_28_writing"
down_revision = "2026_11_28_people"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    _add(
        "users",
        sa.Column(
            "default_visibility", sa.String(length=10), nullable=False, server_default="public"
        ),
    )
    op.create_table(
        "saved_drafts",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("reply_to_id", Id, nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("warning", sa.String(length=400), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_saved_drafts_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"],
            ["posts.id"],
            name="fk_saved_drafts_reply_to_id_posts",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_drafts"),
        sa.UniqueConstraint("account_id", "key", name="uq_saved_drafts_account_id_key"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_saved_drafts_account_id_id", "saved_drafts", ["account_id", "id"], if_not_exists=True
    )
    op.create_index(
        "ix_saved_drafts_reply_to_id", "saved_drafts", ["reply_to_id"], if_not_exists=True
    )
    op.create_table(
        "attachments",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("post_id", Id, nullable=True),
        sa.Column("draft_id", Id, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=100), nullable=False),
        sa.Column("preview", sa.String(length=100), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("preview_width", sa.Integer(), nullable=False),
        sa.Column("preview_height", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("description", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_attachments_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["saved_drafts.id"],
            name="fk_attachments_draft_id_saved_drafts",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_attachments_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("file", name="uq_attachments_file"),
        sa.UniqueConstraint("preview", name="uq_attachments_preview"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index(
        "ix_attachments_account_id_post_id",
        "attachments",
        ["account_id", "post_id"],
        if_not_exists=True,
    )
    op.create_index("ix_attachments_draft_id", "attachments", ["draft_id"], if_not_exists=True)
    op.create_index(
        "ix_attachments_post_id_position",
        "attachments",
        ["post_id", "position"],
        if_not_exists=True,
    )
    op.create_table(
        "post_edits",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("named", LongText, nullable=False),
        sa.Column("warning", sa.String(length=400), nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("descriptions", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_post_edits_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_edits"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )
    op.create_index("ix_post_edits_post_id_id", "post_edits", ["post_id", "id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("post_edits", if_exists=True)
    op.drop_table("attachments", if_exists=True)
    op.drop_table("saved_drafts", if_exists=True)
    _drop("users", "default_visibility")


def _add(table: str, column: sa.Column[str]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _drop(table: str, column: str) -> None:
    if column in _columns(table):
        op.drop_column(table, column)


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}

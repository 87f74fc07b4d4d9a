"""Give posts a language, people the languages they read, and translations a table."""

import sqlalchemy as sa
from alembic import op

from microblog.db import TABLE_OPTIONS, Id, LongText, Sha256, UtcDateTime

revision = "2026_11_23_languages"
down_revision = "2026_11_22_identity"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    _add("posts", sa.Column("language", sa.String(length=20), nullable=True))
    op.create_index(
        "ix_posts_visibility_language_id",
        "posts",
        ["visibility", "language", "id"],
        if_not_exists=True,
    )
    _add(
        "users",
        sa.Column("post_languages", sa.String(length=200), nullable=False, server_default=""),
    )
    op.create_table(
        "translations",
        sa.Column("post_id", Id, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("source_hash", Sha256, nullable=False),
        sa.Column("source_language", sa.String(length=20), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("html", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_translations_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "language", name="pk_translations"),
        **TABLE_OPTIONS,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("translations", if_exists=True)
    _drop("users", "post_languages")
    op.drop_index("ix_posts_visibility_language_id", "posts", if_exists=True)
    _drop("posts", "language")


def _add(table: str, column: sa.Column[str]) -> None:
    if column.name not in _columns(table):
        op.add_column(table, column)


def _drop(table: str, column: str) -> None:
    if column in _columns(table):
        op.drop_column(table, column)


def _columns(table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}

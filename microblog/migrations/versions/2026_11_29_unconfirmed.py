"""Find the users whose address was never confirmed without looking at everybody."""

from alembic import op

revision = "2026_11_29_unconfirmed"
down_revision = "2026_11_28_hearing"
branch_labels = None
depends_on = None


# Each step is made only if it is missing, so that an upgrade that was killed can be run again.
def upgrade() -> None:
    op.create_index(
        "ix_users_email_confirmed_at_account_id",
        "users",
        ["email_confirmed_at", "account_id"],
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_index("ix_users_email_confirmed_at_account_id", "users", if_exists=True)

"""Make and keep pictures: decode uploads, draw avatars, store files; knows no account, no post."""

"""Clean, count, search and render what people write; knows no post, no account and no request."""

"""Applications of tests: their templates are compiled once for all in a test process."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from microblog import create_app
from microblog.config import Config


class _Compiled(BytecodeCache):
    """Keeps compiled templates in memory, by their name and what is in them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key + bucket.checksum)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def make_app(config: Config) -> Flask:
    """Make an application as it is run, except that it need not compile what another one has."""
    app = create_app(config)
    app.jinja_env.bytecode_cache = _COMPILED
    return app

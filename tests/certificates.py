"""Certificates of our own, for servers that tests start."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(path: Path, host: str) -> Path:
    """Make a certificate for a host and its key, in one file; skips where openssl is missing."""
    openssl = shutil.which("openssl")
    if openssl is None:
        assert not os.environ.get("CI"), "openssl is missing."
        pytest.skip("openssl is missing.")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "-")
    name = ("-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
    command = [openssl, "req", "-x509", *key, *name, "-days", "2"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return path

"""What browsers load beside pages: how it is put together, sent, and kept honest."""

import gzip
import hashlib
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from microblog.web import assets
from microblog.web.assets import Assets
from microblog.web.bundles import LAYERS

STATIC = Path(assets.__file__).with_name("static")
TEMPLATES = STATIC.with_name("templates")
TESTS_VENDOR = Path(__file__).parents[1] / "vendor"

LISTS = (STATIC / "vendor", STATIC.parents[1] / "vendor", TESTS_VENDOR)
FIRST_VISIT = ("app.css", "app.js", "icons.svg", "favicon.svg")
MAX_FIRST_VISIT_BYTES = 75_000


@pytest.fixture
def browser() -> FlaskClient:
    """Return a client of an application that has nothing but the assets."""
    app = Flask("assets_only")
    app.register_blueprint(assets.blueprint)
    return app.test_client()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the static folder that a test may change."""
    return shutil.copytree(STATIC, tmp_path / "static")


# What is vendored


@pytest.mark.parametrize("vendor", LISTS, ids=["served", "read", "for tests"])
def test_vendored_files_are_as_published(vendor: Path) -> None:
    for package in vendored(vendor):
        for file in package["file"]:
            content = (vendor / file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]


@pytest.mark.parametrize("vendor", LISTS, ids=["served", "read", "for tests"])
def test_every_vendored_file_is_listed_and_every_package_brings_its_licence(vendor: Path) -> None:
    listed = {file["path"] for package in vendored(vendor) for file in package["file"]}
    present = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert present - {"vendored.toml"} == listed
    for package in vendored(vendor):
        assert package["version"]
        assert package["licence"]
        assert any("LICENSE" in file["source"] for file in package["file"]), package["name"]


def test_templates_show_every_icon_there_is_and_no_other() -> None:
    templates = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    quoted = set(re.findall(r"'([a-z0-9-]+)'", templates))
    icons = set(re.findall(r'<symbol id="([^"]+)"', body("icons.svg")))
    assert icons <= quoted
    assert set(re.findall(r"icon\('([^']+)'", templates)) <= icons
    assert set(re.findall(r"symbol = '([^']+)'", templates)) <= icons


# How it is put together


@pytest.mark.parametrize("name", ["app.css", "app.rtl.css"])
def test_every_rule_stands_in_a_layer(name: str) -> None:
    css = body(name)
    assert css.startswith(f"@layer {', '.join(LAYERS)};")
    rules = re.sub(r'"[^"]*"|/\*.*?\*/', "", css, flags=re.DOTALL)
    depth, outside = 0, ""
    for character in rules:
        depth -= character == "}"
        outside += character if depth == 0 and character not in "{}" else ""
        depth += character == "{"
    assert outside.split() == ["@layer", *f"{', '.join(LAYERS)};".split(), *in_layers()]
    assert "@charset" not in css
    assert "@import" not in css


def test_bootstrap_is_the_weakest_layer_and_comes_in_both_directions() -> None:
    assert LAYERS[0] == "bootstrap"
    assert "margin-left:auto" in body("app.css")
    assert body("app.css") != body("app.rtl.css")


def test_nothing_asks_another_host() -> None:
    for name in ("app.css", "app.rtl.css"):
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]{0,9})", body(name))
        assert addresses
        assert all(address.startswith(("data:", "#")) for address in addresses)
    assert "sourceMappingURL" not in body("app.css") + body("app.js")


def test_every_behaviour_keeps_its_names_to_itself() -> None:
    script = body("app.js")
    for path in (STATIC / "js").glob("*.js"):
        # Lines that only say something are for who reads the file.
        code = re.sub(r"(?m)^ *//.*\n", "", path.read_text(encoding="utf-8"))
        assert f"(() => {{\n{code}}})();" in script


def test_a_first_visit_is_light() -> None:
    built = Assets(STATIC)
    sent = [built.find(built.url(name)) for name in FIRST_VISIT]
    assert sum(len(asset.gzipped or asset.body) for asset in sent if asset) < MAX_FIRST_VISIT_BYTES


# How it is named and sent


def test_a_name_holds_its_content_and_an_unknown_one_is_an_error() -> None:
    built = Assets(STATIC)
    digest = hashlib.sha256(body("app.css").encode()).hexdigest()
    assert built.url("app.css") == f"/assets/app.{digest[:10]}.css"
    assert built.find("/assets/app.css") is None
    with pytest.raises(KeyError):
        built.url("nothing.css")


def test_a_change_shows_at_once_only_while_developing(folder: Path) -> None:
    live, fixed = Assets(folder, is_live=True), Assets(folder)
    before = live.url("app.css")
    assert fixed.url("app.css") == before
    (folder / "css" / "components" / "new.css").write_text(".new { color: red }", encoding="utf-8")
    assert fixed.url("app.css") == before
    assert live.url("app.css") != before
    by_old_name = live.find(before)
    assert by_old_name is not None
    assert b".new { color: red }" in by_old_name.body


def test_an_asset_is_kept_for_good(browser: FlaskClient) -> None:
    answer = browser.get(url("app.css"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in answer.headers
    assert answer.text == body("app.css")


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*"])
def test_an_asset_is_sent_compressed_to_who_takes_it(browser: FlaskClient, accepted: str) -> None:
    answer = browser.get(url("app.js"), headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == body("app.js")


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_an_asset_is_sent_plain_to_who_does_not(browser: FlaskClient, accepted: str) -> None:
    answer = browser.get(url("app.js"), headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == body("app.js")


@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_an_asset_is_not_sent_twice(browser: FlaskClient, accepted: str) -> None:
    headers = {"Accept-Encoding": accepted}
    etag = browser.get(url("icons.svg"), headers=headers).headers["ETag"]
    again = browser.get(url("icons.svg"), headers={**headers, "If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_two_forms_of_an_asset_have_different_tags(browser: FlaskClient) -> None:
    plain = browser.get(url("app.css")).headers["ETag"]
    compressed = browser.get(url("app.css"), headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert plain != compressed
    assert not plain.startswith("W/")
    assert not compressed.startswith("W/")


def test_a_picture_is_sent_as_it_is(browser: FlaskClient) -> None:
    answer = browser.get(url("touch-icon.png"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "mark" / "touch-icon.png").read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/assets/app.css", "/assets/app.0000000000.css", "/assets/..%2Fassets.py", "/assets/%00"],
)
def test_an_unknown_asset_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_the_mark_answers_by_its_old_name(browser: FlaskClient) -> None:
    answer = browser.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_templates_find_an_asset_by_its_name() -> None:
    app = Flask("assets_only")
    app.register_blueprint(assets.blueprint)
    shown = app.jinja_env.from_string("{{ asset('app.css') }}").render()
    assert shown == url("app.css")


def in_layers() -> list[str]:
    """Return the words that open the layers, in order."""
    return [word for layer in LAYERS for word in ("@layer", layer)]


def vendored(vendor: Path) -> list[dict[str, Any]]:
    """Read the list of a folder of vendored files."""
    text = (vendor / "vendored.toml").read_text(encoding="utf-8")
    packages: list[dict[str, Any]] = tomllib.loads(text)["package"]
    return packages


def body(name: str) -> str:
    """Return an asset as text."""
    built = Assets(STATIC)
    found = built.find(built.url(name))
    assert found is not None
    return found.body.decode()


def url(name: str) -> str:
    """Return where an asset is found."""
    return Assets(STATIC).url(name)

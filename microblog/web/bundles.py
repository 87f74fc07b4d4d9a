"""The bundles of style, script and icons, joined from the files of the static folder.

No build step and no node: joining text is all there is to it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

# From the weakest to the strongest: whatever Bootstrap says, our components have the last word.
LAYERS = ("bootstrap", "tokens", "page", "layout", "components")

_CHARSET = re.compile(r'\A@charset "[^"]*";')
_SOURCE_MAP = re.compile(r"^/[/*]# sourceMappingURL=.*$", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A line of its own; what stands behind code may be part of a string.
_LINE_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_LINE_EDGES = re.compile(r"\s*\n\s*")
_DRAWING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)


def build(folder: Path) -> dict[str, bytes]:
    """Return every file that pages ask for, by name."""
    vendor = folder / "vendor"
    texts = {
        "app.css": _stylesheet(folder, vendor / "bootstrap" / "bootstrap.min.css"),
        "app.rtl.css": _stylesheet(folder, vendor / "bootstrap" / "bootstrap.rtl.min.css"),
        "app.js": _script(folder, vendor / "htmx" / "htmx.min.js"),
        "icons.svg": _sprite([*_files(vendor / "lucide", "*.svg"), folder / "mark" / "mark.svg"]),
    }
    pictures = [*_files(folder / "mark", "*.png"), folder / "mark" / "favicon.svg"]
    return {name: text.encode() for name, text in texts.items()} | {
        path.name: path.read_bytes() for path in pictures
    }


def _stylesheet(folder: Path, bootstrap: Path) -> str:
    parts = [f"@layer {', '.join(LAYERS)};"]
    parts.append(f"@layer bootstrap {{{_CHARSET.sub('', _text(bootstrap))}}}")
    for layer in LAYERS[1:]:
        rules = "\n".join(map(_text, _files(folder / "css" / layer, "*.css")))
        rules = _LINE_EDGES.sub("\n", _COMMENT.sub("", rules))
        parts.append(f"@layer {layer} {{{rules}}}")
    return "\n".join(parts)


def _script(folder: Path, htmx: Path) -> str:
    parts = [_text(htmx)]
    for path in _files(folder / "js", "*.js"):
        parts.append(f"(() => {{\n{_LINE_COMMENT.sub('', _text(path))}}})();")
    return "\n".join(parts)


def _sprite(paths: list[Path]) -> str:
    symbols = "\n".join(map(_symbol, paths))
    licence = "<!-- Lucide (ISC, MIT): https://lucide.dev/license -->"
    return f'{licence}\n<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(path: Path) -> str:
    drawing = _DRAWING.search(_text(path))
    assert drawing is not None, path
    shapes = _LINE_EDGES.sub(" ", drawing[2]).strip()
    return f'<symbol id="{path.stem}" viewBox="{drawing[1]}">{shapes}</symbol>'


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return iter(sorted(folder.glob(pattern)))


def _text(path: Path) -> str:
    return _SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))

"""Markdown files of the project as parts of a page: headings below those of the page."""

from __future__ import annotations

from pathlib import Path

_BELOW = 2  # a top heading of the text becomes a third-level heading of the page


def as_html(text: str) -> str:
    """Markdown as HTML without raw HTML, pictures or links that leave the page."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link"])
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _BELOW, 6)}"
        if token.type == "th_open":
            token.attrSet("scope", "col")
    made: str = reader.renderer.render(tokens, reader.options, {})
    return made


def beside(name: str) -> str:
    """A Markdown file of this folder as HTML."""
    return as_html((Path(__file__).parent / name).read_text(encoding="utf-8"))


def odd() -> str | None:
    """The description of the model by the ODD protocol as HTML; None where it is not written."""
    file = Path(__file__).resolve().parents[1] / "ODD.md"
    return as_html(file.read_text(encoding="utf-8")) if file.is_file() else None

"""Sphinx extension: the files of the gallery of animations are made when the book is built.

They lie in `_build/animations`, where the page's `{download}` roles find them, and are made again only when
an animation or the way it is drawn has changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

FOLDER = "_build/animations"


def _make(app: Sphinx) -> None:
    # here and not above: only a build needs the library, and a broken library should fail the build alone
    from upsample_lib.figures import animation_files, animation_gallery, clip_drawing, clip_images

    drawing = b"".join(
        Path(str(module.__file__)).read_bytes()
        for module in (animation_files, animation_gallery, clip_drawing, clip_images)
    )
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in animation_gallery.GALLERY:
        made_from = drawing + _cells(animation_gallery.clip(name))
        stamp, key = folder / f"{name}.made-from", hashlib.sha256(made_from).hexdigest()
        if stamp.is_file() and stamp.read_text() == key:
            continue
        # another edition may be doing the same: each file appears complete, and both are equal
        animation_gallery.write_files(folder, [name])
        stamp.write_text(key)


def _cells(clip: Any) -> bytes:
    """All that is drawn; whole arrays, since NumPy shortens them in its own texts."""
    grids = [
        (grid.name, grid.texts.tolist(), grid.looks.tolist(), grid.badges.tolist(), grid.outline)
        for frame in clip.frames
        for grid in frame.grids
    ]
    return repr((grids, [frame.line for frame in clip.frames])).encode()


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", _make)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

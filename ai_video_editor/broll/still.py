"""A scene at rest, drawn by Pillow alone: the fallback where nothing can be moved."""

from __future__ import annotations

from PIL import Image

from ai_video_editor.broll.scene import Scene, ground


def still(scene: Scene, *, transparent: bool = False) -> Image.Image:
    """The whole picture with every piece in its place; RGBA, without its ground if asked."""
    if transparent:
        picture = Image.new("RGBA", (scene.frame.width, scene.frame.height))
    else:
        picture = ground(scene.frame, scene.palette).convert("RGBA")
    for sprite in scene.sprites:
        layer = Image.new("RGBA", picture.size)
        layer.paste(sprite.image, (sprite.left, sprite.top))
        picture = Image.alpha_composite(picture, layer)
    return picture

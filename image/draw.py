"""Draw all diagrams of the course: ``python image/draw.py`` writes the PNG files beside it.

The same script writes the same pixels twice. Colours are Okabe and Ito's, which stay apart for
readers who see few colours; no meaning rests on colour alone.
"""

from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

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
    write(axes, 55, 53.5, "In prediction: how does a model of the real rows label them?", 14.5)
    box(axes, (14, 43), (20, 10), "real rows", "of all classes", BLUE)
    box(axes, (46, 43), (22, 10), "classifier", "trained on real rows", GREEN)
    box(axes, (46, 29.5), (22, 8), "generated rows", "", ORANGE)
    box(
        axes,
        (86, 43),
        (36, 10),
        "labels",
        "how many generated rows get\nthe label they were made for?",
    )
    arrow(axes, (24, 43), (35, 43))
    arrow(axes, (46, 33.5), (46, 38))
    arrow(axes, (57, 43), (68, 43))
    axes.plot([3, 107], [24.2, 24.2], color=GREY, lw=1)
    write(axes, 55, 21, "In learning: does a model do better with the rows than without?", 14.5)
    box(axes, (14, 12.6), (20, 6.6), "few real rows", "", BLUE)
    box(axes, (14, 4.4), (20, 6.6), "generated rows", "", ORANGE)
    box(axes, (46, 8.5), (22, 10), "classifier", "trained on both", GREEN)
    box(
        axes,
        (86, 8.5),
        (36, 12),
        "test",
        "on real rows set aside at the start,\ncompared with doing nothing",
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


def draw_three_judgements() -> Figure:
    """Rows sorted by the probability that a model gave them, and the three things to judge."""
    figure, axes = new_canvas(11, 5.2)
    common = [0.03, 0.06, 0.08, 0.12, 0.15, 0.19, 0.22, 0.27, 0.31, 0.37, 0.44, 0.56, 0.71]
    rare = [0.25, 0.41, 0.63, 0.85]
    write(axes, 55, 48.5, "a model gives each row a probability of being rare", 14.5, weight="bold")
    arrow(axes, (6, 32), (106, 32))
    for place in (0, 0.5, 1):
        axes.plot([8 + 94 * place] * 2, [31.2, 32.8], color=INK, lw=2)
        write(axes, 8 + 94 * place, 29, f"{place:g}", 12)
    heights = [35.5, 38.5]
    axes.scatter([8 + 94 * p for p in common], [heights[0]] * len(common), s=90, c=BLUE, marker="o")
    triangles = {"c": ORANGE, "marker": "^", "ec": INK, "lw": 0.6}
    axes.scatter([8 + 94 * p for p in rare], [heights[1]] * len(rare), s=120, **triangles)
    axes.plot([55, 55], [33, 43.5], color=INK, lw=2, ls="--")
    write(axes, 56.5, 43, "threshold: called rare to the right", 11.5, ha="left")
    axes.scatter([10], [43], s=120, **triangles)
    write(axes, 12, 43, "rare row", 11.5, ha="left")
    axes.scatter([26], [43], s=90, c=BLUE, marker="o")
    write(axes, 28, 43, "common row", 11.5, ha="left")
    box(axes, (19, 13), (32, 16), "decisions", "which rows are called rare?\n", GREEN)
    box(axes, (55, 13), (34, 16), "order", "does a rare row come\nbefore a common one?\n", BLUE)
    box(axes, (91, 13), (32, 16), "probabilities", "of rows given 0.2, are\n20 % rare?\n", PINK)
    measures = ["precision, recall,\nbalanced accuracy", "ROC curve,\naverage precision"]
    for x, words in zip((19, 55, 91), [*measures, "Brier score,\ncalibration"], strict=True):
        write(axes, x, 8, words, 10.5, color=GREY)
    return figure


def draw_unbalanced() -> Figure:
    """Two classes in balance, then one of them rare, with the line that a model may draw."""
    figure, axes = new_canvas(11, 4.6)
    rng = np.random.default_rng(4)
    common = np.c_[rng.normal(14, 4.2, 26), rng.normal(20, 4.4, 26)]
    rare = np.c_[rng.normal(32, 4.2, 26), rng.normal(22, 4.4, 26)]
    panels = [(3, rare, "balanced: the border runs between the classes", 24.2)]
    panels.append((58, rare[:3], "unbalanced: the border moves into the rare class", 27.9))
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


def grid(
    axes: Axes,
    corner: tuple,
    numbers: np.ndarray,
    cell: float,
    colours: np.ndarray | str = PAPER,
    size: float = 10.5,
) -> None:
    """Draw a table of numbers, its upper left corner at a point; None leaves a cell empty."""
    for (row, column), number in np.ndenumerate(numbers):
        x, y = corner[0] + column * cell, corner[1] - (row + 1) * cell
        colour = colours if isinstance(colours, str) else colours[row, column]
        axes.add_patch(Rectangle((x, y), cell, cell, fc=colour, ec=GREY, lw=0.8))
        if number is not None:
            write(axes, x + cell / 2, y + cell / 2, f"{number:g}", size)


def outline(axes: Axes, corner: tuple, width: float, height: float, colour: str) -> None:
    """Draw a thick frame, its upper left corner at a point."""
    place = (corner[0], corner[1] - height)
    axes.add_patch(Rectangle(place, width, height, fc="none", ec=colour, lw=3, zorder=5))


def shades(numbers: np.ndarray, colour: str = BLUE, negative: str | None = None) -> np.ndarray:
    """Give each number a paler or stronger tint of a colour: 0 is white, the largest is half.

    Numbers below 0 have a colour of their own where one is given.
    """
    below = negative or colour
    largest = np.abs(numbers).max()
    tints = [
        [f"{below if n < 0 else colour}{int(150 * (abs(n) / largest)):02x}" for n in row]
        for row in numbers
    ]
    return np.array(tints)


def draw_convolution() -> Figure:
    """Draw a 3 x 3 kernel that slides over an image of 5 x 5 and finds a left edge."""
    figure, axes = new_canvas(11, 4.4)
    image = np.tile([0, 0, 1, 1, 0], (5, 1))
    image[0] = image[4] = 0
    kernel = np.tile([-1, 0, 1], (3, 1))
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    made = (windows * kernel).sum(axis=(2, 3))
    grid(axes, (5, 32), image, 5, shades(image))
    outline(axes, (5, 32), 15, 15, ORANGE)
    write(axes, 17.5, 36, "image, 5 × 5", 13, weight="bold")
    write(axes, 36, 19.5, "×", 20)
    grid(axes, (42, 27), kernel, 5, shades(kernel, negative=PINK))
    write(axes, 49.5, 36, "kernel, 3 × 3: its\n9 weights are learned", 13, weight="bold")
    arrow(axes, (61, 19.5), (72, 19.5))
    write(axes, 66.5, 23, "multiply,\nadd up", 11)
    grid(axes, (78, 27), made, 5, shades(made, negative=PINK))
    outline(axes, (78, 27), 5, 5, ORANGE)
    write(axes, 85.5, 36, "map, 3 × 3", 13, weight="bold")
    write(
        axes,
        85.5,
        8.4,
        "above 0 (blue): darker to the right;\nbelow 0 (pink): darker to the left",
        11,
    )
    words = "The same kernel slides over all places. With stride 2 it skips every other one,"
    write(axes, 55, 2.6, words + " and the map is half as wide.", 11, color=GREY)
    return figure


def draw_transposed_convolution() -> Figure:
    """Draw how 2 x 2 numbers become 5 x 5: each stamps the kernel, overlaps add up."""
    figure, axes = new_canvas(11, 4.4)
    small, kernel = np.array([[1, 2], [3, 4]]), np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]])
    made, overlap = np.zeros((2, 5, 5), int)
    for (i, j), number in np.ndenumerate(small):
        made[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += number * kernel
        overlap[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += 1
    grid(axes, (6, 24.5), small, 5, shades(small))
    outline(axes, (6, 24.5), 5, 5, ORANGE)
    outline(axes, (11, 24.5), 5, 5, PINK)
    write(axes, 11, 36, "small map, 2 × 2", 13, weight="bold")
    write(axes, 26, 19.5, "×", 20)
    grid(axes, (33, 27), kernel, 5, shades(kernel, ORANGE))
    write(axes, 40.5, 36, "kernel, 3 × 3: the stamp", 13, weight="bold")
    arrow(axes, (52, 19.5), (66, 19.5))
    write(axes, 59, 23.4, "stamp every\n2 places, add up", 11)
    grid(axes, (74, 32), made, 5, shades(made, GREEN))
    outline(axes, (74, 32), 15, 15, ORANGE)
    outline(axes, (84, 32), 15, 15, PINK)
    write(axes, 86.5, 36, "large map, 5 × 5", 13, weight="bold")
    words = "Each number of the small map stamps the kernel,\ntimes itself."
    write(axes, 35, 9, words + " Where stamps overlap, they add up.", 11)
    words = "Uneven overlaps leave a chequered pattern;"
    write(axes, 55, 2.6, words + " 4 × 4 with stride 2 overlaps evenly.", 11, color=GREY)
    return figure


#: The strokes of a five, in a square of 10.
FIVE = [
    ([7.6, 3.2], [8.6, 8.6]),
    ([3.2, 2.9], [8.6, 5.2]),
    ([2.9, 4.2, 5.6, 6.9, 7.5], [5.2, 5.7, 5.6, 4.9, 3.7]),
    ([7.5, 7.2, 6.2, 4.6, 2.8], [3.7, 2.4, 1.6, 1.3, 1.9]),
]


def five(axes: Axes, corner: tuple, colours: list[str | None], side: float = 10) -> None:
    """Draw a five in a frame, each stroke in a colour of its own; None leaves a stroke out."""
    axes.add_patch(Rectangle(corner, side, side, fc=PAPER, ec=GREY, lw=1.2))
    for (xs, ys), colour in zip(FIVE, colours, strict=True):
        if colour is not None:
            x, y = (corner[i] + np.array(v) * side / 10 for i, v in enumerate((xs, ys)))
            axes.plot(x, y, color=colour, lw=0.7 * side, solid_capstyle="round")


def draw_dcgan() -> Figure:
    """Draw how a DCGAN makes a digit and judges it: stacks of maps grow, then shrink."""
    figure, axes = new_canvas(11, 3.4)
    box(axes, (9, 16), (13, 9), "noise", "32 numbers", GREY)
    stacks = [
        (ORANGE, "#F6DFA9", [(24, 4, "7 × 7\n64 maps"), (33.5, 6.5, "14 × 14\n32 maps")]),
        (ORANGE, "#F6DFA9", [(44.5, 10, "28 × 28\n16 maps")]),
        (BLUE, "#BFDBEC", [(72.6, 6.5, "14 × 14\n32 maps"), (81.3, 4, "7 × 7\n64 maps")]),
        (BLUE, "#BFDBEC", [(89.8, 2.6, "4 × 4\n128 maps")]),
    ]
    for edge, fill, maps in stacks:
        for x, side, text in maps:
            for shift in (1.2, 0.6, 0):
                place = (x - side / 2 + shift, 16 - side / 2 + shift)
                axes.add_patch(Rectangle(place, side, side, fc=fill, ec=edge, lw=1.4))
            write(axes, x, 7, text, 10.5)
    five(axes, (54, 11), [INK] * 4)
    write(axes, 59, 7, "image\n28 × 28", 10.5)
    box(axes, (102, 16), (12, 9), "real or\nnot?", "", BLUE)
    for start, end in ((15.5, 21.5), (50.9, 53.6), (64.4, 69.3), (92.6, 95.8)):
        arrow(axes, (start, 16), (end, 16))
    write(axes, 34, 26, "generator: transposed convolutions", 13, color=INK, weight="bold")
    write(axes, 84, 26, "discriminator: convolutions", 13, color=INK, weight="bold")
    return figure


def draw_lime() -> Figure:
    """Draw how LIME asks which strokes made a classifier say "5"."""
    figure, axes = new_canvas(11, 4)
    write(axes, 55, 37, "LIME: which strokes made the classifier say 'five'?", 14.5, weight="bold")
    five(axes, (3, 13), [INK] * 4, 12)
    five(axes, (20, 13), [BLUE, ORANGE, GREEN, PINK], 12)
    hidden = [[None, INK, INK, INK], [INK, None, INK, INK], [INK, INK, INK, None]]
    for row, (shown, said) in enumerate(zip(hidden, ("0.31", "0.58", "0.97"), strict=True)):
        y = 24.6 - 10 * row
        five(axes, (42, y), shown, 8)
        arrow(axes, (51, y + 4), (61, y + 4))
        write(axes, 65, y + 4, said, 12)
    for start, end in (((15.6, 19), (19.4, 19)), ((32.6, 19), (41, 19)), ((69, 19), (85, 19))):
        arrow(axes, start, end)
    five(axes, (86, 13), [BLUE, "#6FA8D6", "#A7C7E7", ORANGE], 12)
    write(axes, 9, 8.8, 'the image:\n0.90 for "five"', 11.5)
    write(axes, 26, 8.8, "cut into\nsegments", 11.5)
    write(axes, 36.8, 22.6, "hide\nsome", 11)
    write(axes, 59, 32, "ask the classifier", 11)
    write(axes, 77, 24, "fit a linear model\nto the answers", 11)
    write(axes, 92, 8.8, 'blue: for "five"\norange: against it', 11.5)
    write(axes, 92, 29, "one weight\na segment", 11.5)
    return figure


def draw_gan_on_images() -> Figure:
    """Draw the duel on digits: a forged and a real five before the discriminator."""
    figure, axes = new_canvas(11, 5.2)
    noise = np.array([[0.3], [-1.2], [0.8], [-0.1], [1.5]])
    grid(axes, (4, 44), noise, 3.6, shades(noise, GREY), 9.5)
    write(axes, 5.8, 22.6, "noise z", 12, weight="bold")
    box(axes, (27, 35), (18, 11), "generator G", "learns to forge", ORANGE)
    five(axes, (46, 28), [ORANGE] * 4, 14)
    write(axes, 53, 24.8, "forged: G(z)", 12, weight="bold")
    five(axes, (46, 4), [BLUE] * 4, 14)
    write(axes, 53, 1.6, "real: x", 12, weight="bold")
    box(axes, (80, 23), (20, 11), "discriminator D", "learns to tell", BLUE)
    box(axes, (102, 23), (13, 11), "D(x)", "probability\nof being real", GREEN)
    for start, end in [((9, 35), (18, 35)), ((36, 35), (45.5, 35)), ((90, 23), (95.5, 23))]:
        arrow(axes, start, end)
    arrow(axes, (60.5, 34), (70, 26))
    arrow(axes, (60.5, 12), (70, 20))
    elbow(axes, [(104, 28.5), (104, 48), (27, 48), (27, 40.5)], ORANGE)
    write(axes, 66, 50, "G wants D to be wrong about forged images", 11.5)
    elbow(axes, [(102, 17.5), (102, 8), (80, 8), (80, 17.5)], BLUE, ":")
    write(axes, 90, 5.4, "D wants to be right about both", 11.5)
    return figure


def draw_mode_collapse() -> Figure:
    """Draw three rings of eight modes: real points, bridges, mode collapse."""
    figure, axes = new_canvas(11, 4.4)
    rng = np.random.default_rng(4)
    angles = np.arange(8) * np.pi / 4
    ring = 12 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    close = np.repeat(ring, 20, axis=0) + rng.normal(0, 0.45, (160, 2))
    share = rng.uniform(size=(70, 1))
    chords = (
        share * ring.repeat(9, axis=0)[:70] + (1 - share) * np.roll(ring, 1, 0).repeat(9, 0)[:70]
    )
    one = ring[1] + rng.normal(0, 0.45, (160, 2))
    panels = [
        (19, "real points", "eight modes, equally often", close, BLUE),
        (
            55,
            "bridges",
            "all modes, and points between them",
            np.concatenate([close, chords]),
            ORANGE,
        ),
        (91, "mode collapse", "every noise vector ends in one place", one, ORANGE),
    ]
    for x, title, text, points, colour in panels:
        write(axes, x, 41.5, title, 14, weight="bold")
        for place in ring:
            axes.add_patch(Circle((x + place[0], 22 + place[1]), 2.4, fc="none", ec=GREY, lw=1))
        axes.plot(x + points[:, 0], 22 + points[:, 1], "o", color=colour, ms=2.6, mew=0, alpha=0.8)
        write(axes, x, 3, text, 11)
    return figure


def draw_diffusion() -> Figure:
    """Above, training: mix, estimate, compare; below, sampling: from noise in small steps."""
    figure, axes = new_canvas(11, 5.8)
    axes.set_ylim(-2, 56)
    write(axes, 55, 53.5, "Training: estimate the real sample from a mixture", 14.5)
    box(axes, (12, 45), (19, 8), "real sample", "", BLUE)
    box(axes, (12, 33), (19, 8), "noise", "", GREY)
    box(axes, (42, 39), (24, 10), "noisy sample", "(1 - t) noise + t real,\nt random, 0 to 1", GREY)
    box(axes, (69, 39), (15, 10), "network", "is told t", ORANGE)
    box(axes, (95, 39), (19, 10), "estimate", "of the real sample", ORANGE)
    arrow(axes, (21.5, 45), (30, 41.5))
    arrow(axes, (21.5, 33), (30, 36.5))
    arrow(axes, (54, 39), (61.5, 39))
    arrow(axes, (76.5, 39), (85.5, 39))
    elbow(axes, [(95, 34), (95, 28.5), (69, 28.5), (69, 34)], ORANGE, ":")
    write(axes, 82, 26, "loss: squared difference from the real sample", 11)
    axes.plot([3, 107], [22.5, 22.5], color=GREY, lw=1)
    write(axes, 55, 19, "Sampling: follow the estimates in small steps", 14.5)
    box(axes, (12, 9), (19, 8), "noise", "t = 0", GREY)
    box(axes, (45, 9), (25, 11), "network", "estimates the sample\nat the end of the line", ORANGE)
    box(axes, (95, 9), (19, 8), "new sample", "t = 1", ORANGE)
    arrow(axes, (21.5, 9), (32.5, 9))
    arrow(axes, (57.5, 9), (85.5, 9))
    write(axes, 71.5, 11.2, "a step towards it", 11)
    elbow(axes, [(71.5, 9), (71.5, 0), (45, 0), (45, 3.5)], GREY)
    write(axes, 86, 1, "and again, with a larger t", 11)
    return figure


def page(axes: Axes, corner: tuple, lines: list[str], colour: str, size: float = 10.5) -> None:
    """Draw a sheet with lines of writing, its upper left corner at a point."""
    x, y = corner
    width, height = 26, 2.5 * len(lines) + 2.4
    axes.add_patch(Rectangle((x, y - height), width, height, fc=colour + "18", ec=colour, lw=1.6))
    for row, line in enumerate(lines):
        write(axes, x + 1.3, y - 2.4 - 2.5 * row, line, size, ha="left", style="italic")


def draw_reviews_judged_twice() -> Figure:
    """Draw how reviews with an opinion are made, and their two judgements."""
    figure, axes = new_canvas(11, 7)
    write(axes, 55, 67.3, "Made: one word after another, with an opinion", 14.5, weight="bold")
    box(axes, (11, 55.5), (17, 11), "opinion", "asked for:\nnegative", PINK)
    box(
        axes,
        (43, 55.5),
        (24, 13),
        "word LSTM",
        "learned from real reviews,\neach with its opinion",
        ORANGE,
    )
    page(
        axes,
        (78, 61.5),
        ["This film is a mess. I", "didn't care for anybody in", "it, and the end is ..."],
        ORANGE,
    )
    arrow(axes, (19.5, 55.5), (31, 55.5))
    arrow(axes, (55, 55.5), (77.5, 55.5))
    write(axes, 66, 58, "draw the next word", 10.5)
    elbow(axes, [(66, 55.5), (66, 46.5), (43, 46.5), (43, 49)], ORANGE)
    write(axes, 54.5, 44.6, "and read it", 10.5)
    axes.plot([3, 107], [41.6, 41.6], color=GREY, lw=1)
    title = "Judged in prediction: does a judge find the opinion asked for?"
    write(axes, 55, 38.6, title, 14.5, weight="bold")
    box(axes, (14, 30), (22, 9), "generated reviews", "asked for: negative", ORANGE)
    box(
        axes,
        (52, 30),
        (26, 10),
        "judge",
        "trained on real reviews;\nthe generator never met it",
        GREEN,
    )
    box(
        axes,
        (92, 30),
        (30, 10),
        "opinion found",
        "as often as in real reviews\nof the same length?",
    )
    arrow(axes, (25, 30), (39, 30))
    arrow(axes, (65, 30), (77, 30))
    axes.plot([3, 107], [23, 23], color=GREY, lw=1)
    title = "Judged in learning: does a classifier learn from them?"
    write(axes, 55, 20, title, 14.5, weight="bold")
    box(axes, (14, 13), (22, 6.4), "few real reviews", "", BLUE)
    box(axes, (14, 4.6), (22, 6.4), "generated reviews", "", ORANGE)
    box(
        axes,
        (52, 8.8),
        (26, 10),
        "student classifier",
        "learns from one, the other,\nor both",
        GREEN,
    )
    box(axes, (92, 8.8), (30, 10), "test", "on real reviews that nobody\nhas trained on", BLUE)
    arrow(axes, (25, 13), (39, 10.4))
    arrow(axes, (25, 4.6), (39, 7.2))
    arrow(axes, (65, 8.8), (77, 8.8))
    return figure


def draw_sentigan() -> Figure:
    """Draw SentiGAN's two generators, its discriminator of three classes, and a rollout."""
    figure, axes = new_canvas(11, 5.4)
    box(axes, (14, 46), (22, 8), "generator 1", "writes negative sentences", ORANGE)
    box(axes, (14, 35), (22, 8), "generator 2", "writes positive sentences", ORANGE)
    box(axes, (14, 24), (22, 8), "real sentences", "negative and positive", BLUE)
    box(axes, (56, 35), (24, 12), "discriminator", "one network,\nthree classes", GREEN)
    for y, end in ((46, 39), (35, 35), (24, 31)):
        arrow(axes, (25, y), (44, end))
    for y, name in ((46, "real, negative"), (35, "real, positive"), (24, "generated")):
        box(axes, (95, y), (22, 7), name, "", GREY)
        arrow(axes, (68, 35 + (y - 35) / 3), (84, y))
    axes.plot([3, 107], [17.5, 17.5], color=GREY, lw=1)
    title = "The penalty of a word: the mean penalty of the sentences drawn from it"
    write(axes, 55, 14.8, title, 13.5, weight="bold")
    write(axes, 15.5, 7.5, "It was a", 12.5, style="italic")
    write(axes, 23.5, 7.5, "dull", 12.5, style="italic", weight="bold", color=ORANGE)
    ends = ("film from start to end.", "day, and I left.", "great joy!")
    for y, text in zip((11, 7.5, 4), ends, strict=True):
        arrow(axes, (26.5, 7.5), (34, y))
        write(axes, 35, y, text, 11.5, ha="left", style="italic")
        arrow(axes, (57, y), (66, y))
    write(axes, 67, 11, "1 - D(own label) = 0.3", 11.5, ha="left")
    write(axes, 67, 7.5, "0.5", 11.5, ha="left")
    write(axes, 67, 4, "1.0", 11.5, ha="left")
    write(axes, 97, 7.5, "mean: penalty 0.6", 12.5, weight="bold")
    return figure


def draw_review_judges() -> Figure:
    """Draw how reviews are split, and how a classifier of them is chosen, reported, explained."""
    figure, axes = new_canvas(11, 5.2)
    box(axes, (11, 26), (18, 12), "reviews", "each text once", BLUE)
    box(axes, (41, 43), (22, 8), "training", "", BLUE)
    box(axes, (41, 26), (22, 8), "validation", "", BLUE)
    box(axes, (41, 9), (22, 8), "test", "", BLUE)
    write(axes, 11, 14.5, "a hash of the text\ndecides the part", 10.5, color=GREY)
    for end in (43, 26, 9):
        arrow(axes, (20, 26), (30, end))
    box(axes, (70, 43), (24, 11), "five classifiers", "learn which words\nspeak for praise", GREEN)
    box(axes, (70, 26), (24, 11), "choose one", "by paired differences\nin accuracy", GREEN)
    box(axes, (98, 26), (19, 11), "the judge", "the chosen one", ORANGE)
    box(axes, (98, 43), (19, 11), "explain", "which words\ndid it? (LIME)", PINK)
    box(axes, (98, 9), (19, 11), "report", "once, with\nan interval", PINK)
    for start, end in [((52, 43), (58, 43)), ((52, 26), (58, 26)), ((52, 9), (88.5, 9))]:
        arrow(axes, start, end)
    for start, end in [((70, 37.5), (70, 31.5)), ((82, 26), (88.5, 26))]:
        arrow(axes, start, end)
    for end in (37.5, 14.5):
        arrow(axes, (98, 31.5 if end > 26 else 20.5), (98, end))
    return figure


def letters(
    axes: Axes, corner: tuple, text: str, cell: float, colours: str | list[str] = PAPER
) -> None:
    """Draw a row of letters in boxes, its upper left corner at a point; a blank is shown as one."""
    for place, letter in enumerate(text):
        x, y = corner[0] + place * cell, corner[1] - cell
        colour = colours if isinstance(colours, str) else colours[place]
        axes.add_patch(Rectangle((x, y), cell, cell, fc=colour, ec=GREY, lw=0.8))
        write(axes, x + cell / 2, y + cell / 2, letter.replace(" ", "␣"), 12)


def letter_bars(
    axes: Axes, centre: float, floor: float, shares: list[float], likeliest: str
) -> None:
    """Draw how likely each next letter is; the first bar is the one that is named."""
    for place, share in enumerate(shares):
        colour = BLUE if place == 0 else "#BFDBEC"
        axes.add_patch(Rectangle((centre - 4 + 1.7 * place, floor), 1.2, 9 * share, fc=colour))
    axes.plot([centre - 4.6, centre + 4.6], [floor, floor], color=GREY, lw=1)
    write(axes, centre - 3.4, floor - 1.5, likeliest, 11)


def draw_letter_by_letter() -> Figure:
    """Draw a network that reads a book letter by letter, and then writes on by itself."""
    figure, axes = new_canvas(11, 5.4)
    read, then = ["a", "l", "i", "c", "e", "␣"], ["l", "i", "c", "e", "␣", "w"]
    shares = [[0.4, 0.5, 0.3, 0.2], [0.5, 0.3, 0.2, 0.4], [0.7, 0.2, 0.3, 0.1]]
    shares += [[0.8, 0.2, 0.1, 0.1], [0.7, 0.1, 0.3, 0.1], [0.5, 0.4, 0.2, 0.3]]
    xs = [19, 33, 47, 68, 83, 98]
    for x, letter, after, likely in zip(xs, read, then, shares, strict=True):
        letters(axes, (x - 2.5, 11), letter, 5, "#F6DFA9" if x > 75 else "#E8EAED")
        box(axes, (x, 21.5), (9, 7), "", "", GREEN)
        write(axes, x, 21.5, "network", 10.5, weight="bold")
        arrow(axes, (x, 11.2), (x, 17.6))
        arrow(axes, (x, 25.4), (x, 30))
        letter_bars(axes, x, 33.5, likely, after)
    for start, end in pairwise(xs):
        arrow(axes, (start + 4.7, 21.5), (end - 4.7, 21.5), GREEN)
    for x, letter in zip(xs[:3], then, strict=False):
        write(axes, x, 43.6, f"should be {letter}", 10.5)
    for x, end, letter in zip(xs[3:5], xs[4:], then[3:], strict=False):
        corner = (x + end) / 2
        elbow(axes, [(x + 5, 36), (corner, 36), (corner, 8.5), (end - 2.8, 8.5)], ORANGE)
        write(axes, x, 43.6, f"drawn: {letter}", 10.5)
    write(axes, xs[5], 43.6, "drawn: w", 10.5)
    axes.plot([57.5, 57.5], [4, 50], color=GREY, lw=1, ls=":")
    write(axes, 29, 48.8, "Training: the book says what comes next", 13, weight="bold")
    write(axes, 84, 48.8, "Writing: draw a letter, read it, draw the next", 13, weight="bold")
    write(axes, 1.5, 37, "how likely\nis each\nnext letter?", 9.5, ha="left")
    write(axes, 1.5, 8.5, "letter\nread", 9.5, ha="left")
    write(
        axes,
        29,
        2.6,
        "green arrow: the state, a list of numbers that is handed on",
        10.5,
        color=GREY,
    )
    write(axes, 84, 2.6, "dashed: the drawn letter is the next one to be read", 10.5, color=GREY)
    return figure


def knot(axes: Axes, centre: tuple, sign: str) -> None:
    """Draw a small circle with a sign: two lists of numbers are multiplied or added."""
    axes.add_patch(Circle(centre, 2.1, fc=PAPER, ec=INK, lw=1.8, zorder=4))
    write(axes, *centre, sign, 15, zorder=5)


def draw_lstm_cell() -> Figure:
    """Draw one LSTM cell: a state that runs straight through, and the gates around it."""
    figure, axes = new_canvas(11, 6.4)
    frame = FancyBboxPatch((15, 9), 74, 44, "round,pad=0,rounding_size=2", fc="#F8F9FA", ec=GREY)
    axes.add_patch(frame)
    top, low = 46, 13
    gates = [
        (27, "f", "forget gate", "how much of each\nnumber stays?", PINK),
        (43, "i", "input gate", "how much of the\nnew goes in?", BLUE),
        (57, "g", "candidate", "what could be\nwritten?", GREY),
        (73, "o", "output gate", "how much is\nshown?", ORANGE),
    ]
    axes.plot([4, 73.1], [low, low], color=INK, lw=2)
    for x, letter, name, question, colour in gates:
        squash = "tanh" if letter == "g" else "σ"
        axes.add_patch(Rectangle((x - 3.6, 23), 7.2, 4.6, fc=colour + "33", ec=colour, lw=2))
        write(axes, x, 25.2, squash, 13)
        arrow(axes, (x, low), (x, 22.8))
        write(axes, x + 0.8, 19.6, name, 10.5, ha="left", weight="bold")
        write(axes, x + 0.8, 16.2, question, 9.2, ha="left")
    arrow(axes, (27, 27.8), (27, 43.7), PINK)
    write(axes, 28.2, 32, "f", 13, ha="left", style="italic")
    elbow(axes, [(43, 27.6), (43, 36), (47.7, 36)], BLUE, "-")
    elbow(axes, [(57, 27.6), (57, 36), (52.3, 36)], GREY, "-")
    write(axes, 44.2, 32, "i", 13, ha="left", style="italic")
    write(axes, 58.2, 32, "g", 13, ha="left", style="italic")
    arrow(axes, (50, 38.3), (50, 43.7))
    arrow(axes, (4, top), (24.7, top), GREEN)
    axes.plot([29.3, 47.7], [top, top], color=GREEN, lw=2)
    arrow(axes, (52.3, top), (106, top), GREEN)
    axes.add_patch(Rectangle((77.4, 36.4), 7.2, 4.6, fc=PAPER, ec=INK, lw=1.6))
    write(axes, 81, 38.6, "tanh", 12)
    arrow(axes, (81, top), (81, 41.2))
    arrow(axes, (81, 36.4), (81, 32.4))
    elbow(axes, [(73, 27.6), (73, 30.2), (78.7, 30.2)], ORANGE, "-")
    write(axes, 70.6, 30.2, "o", 13, style="italic")
    arrow(axes, (83.3, 30.2), (106, 30.2))
    for centre, sign in [((27, top), "×"), ((50, top), "+"), ((50, 36), "×"), ((81, 30.2), "×")]:
        knot(axes, centre, sign)
    write(axes, 9, 49.6, "cell state\nbefore", 11, color=INK)
    write(axes, 98, 49.6, "cell state\nnow", 11)
    write(axes, 98, 27, "state now: to the next\nletter, and to the\nprobabilities", 10)
    write(axes, 7.6, 18, "letter, and\nstate before", 11)
    write(
        axes,
        52,
        60,
        "An LSTM cell: the green line is only multiplied and added to",
        14.5,
        weight="bold",
    )
    words = (
        "σ squashes to 0 ... 1 (closed ... open), tanh to −1 ... 1; each box has weights of its own"
    )
    write(axes, 52, 4.6, words, 11, color=GREY)
    return figure


def ladder(axes: Axes, y: float, sides: list[int], maps: list[int], colour: str) -> None:
    """Draw stacks of feature maps on one scale: each side a square, the number of maps below."""
    x, scale = 16.0, 0.3
    for place, (side, number) in enumerate(zip(sides, maps, strict=True)):
        width = side * scale
        for shift in (1.2, 0.6, 0.0) if number > 3 else (0.0,):
            corner = (x + shift, y - width / 2 + shift)
            axes.add_patch(Rectangle(corner, width, width, fc="#F4F6F8", ec=colour, lw=1.8))
        write(axes, x + width / 2, y - width / 2 - 2, f"{number}", 11)
        write(axes, x + width / 2, y + width / 2 + 3.4, f"{side} x {side}", 11)
        if place < len(sides) - 1:
            arrow(axes, (x + width + 2, y), (x + width + 7, y))
        x += width + 8.4


def draw_larger_images() -> Figure:
    """Show a generator of small grey images beside one of larger ones in colour, on one scale."""
    figure, axes = new_canvas(11, 5.4)
    write(axes, 7, 44, "28 x 28\ngrey", 13, weight="bold", color=BLUE)
    ladder(axes, 44, [7, 14, 28, 28], [64, 32, 16, 1], BLUE)
    write(axes, 7, 18, "64 x 64\ncolour", 13, weight="bold", color=ORANGE)
    ladder(axes, 18, [8, 16, 32, 64, 64], [96, 48, 24, 12, 3], ORANGE)
    words = "each square is drawn to scale; below it, the number of maps, at the end the channels"
    write(axes, 55, 2.4, words, 11, color=GREY)
    return figure


DRAWINGS = {
    "GAN_overview": draw_gan_overview,
    "convolution": draw_convolution,
    "dcgan": draw_dcgan,
    "diffusion": draw_diffusion,
    "gan_on_images": draw_gan_on_images,
    "judged_twice": draw_judged_twice,
    "larger_images": draw_larger_images,
    "letter_by_letter": draw_letter_by_letter,
    "lime": draw_lime,
    "lstm_cell": draw_lstm_cell,
    "mode_collapse": draw_mode_collapse,
    "rebalancing_leak": draw_rebalancing_leak,
    "review_judges": draw_review_judges,
    "reviews_judged_twice": draw_reviews_judged_twice,
    "scorecard": draw_scorecard,
    "sentigan": draw_sentigan,
    "three_judgements": draw_three_judgements,
    "transposed_convolution": draw_transposed_convolution,
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

"""Pictures of the course: real and generated beside each other, on one scale.

============= ==============================================================
``style``     colours, markers, figures and panels that all pictures share
``tables``    columns, pairs of columns, correlations, confusion matrices
``images``    grids of images, neighbours, walks in latent space
``text``      what models of text learn, and texts shaded by it
``tradeoffs`` scores by the size of the data, and one measure against another
``ranks``     a comparison of methods: ranks, differences, calibration
``ring``      the mode-collapse lab
============= ==============================================================

Each module is imported when one of its names is first asked for.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "GREY": "style",
    "LatentSlider": "images",
    "MARKERS": "style",
    "PALETTE": "style",
    "STYLE": "style",
    "animate_ring": "ring",
    "course_figure": "style",
    "plot_bands": "tables",
    "plot_by_size": "tradeoffs",
    "plot_calibration": "ranks",
    "plot_confusions": "tables",
    "plot_contexts": "text",
    "plot_correlations": "tables",
    "plot_differences": "ranks",
    "plot_distributions": "tables",
    "plot_images": "images",
    "plot_learning": "text",
    "plot_neighbours": "images",
    "plot_orders": "text",
    "plot_pairs": "tables",
    "plot_ranks": "ranks",
    "plot_reach": "text",
    "plot_ring": "ring",
    "plot_ring_scores": "ring",
    "plot_scorecard": "tables",
    "plot_shaded_text": "text",
    "plot_side_by_side": "images",
    "plot_tradeoff": "tradeoffs",
    "plot_training": "tables",
    "plot_walks": "images",
    "show": "tables",
    "show_diagram": "tables",
    "use_course_style": "tables",
    "walk": "images",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)

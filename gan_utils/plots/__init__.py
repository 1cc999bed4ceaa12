"""Draw the course's figures, such as real and generated samples side by side on one scale.

============= =========================================================================
``style``     colours, markers, figures and panels that all plots share
``display``   the function ``show``, which displays a figure or a diagram with alternative text
``tables``    columns and pairs of columns
``heatmaps``  correlations and confusion matrices
``images``    grids of images, and nearest neighbours
``latent``    walks in latent space, and a slider that moves through it
``text``      learning curves of text models, their use of context, and shaded texts
``tradeoffs`` scores by number of rows, and pairs of measures
``training``  losses and accuracies
``scorecard`` scorecards drawn as figures
``bands``     scores over seeds, and gains over a baseline
``ranks``     comparisons of methods by rank, difference and calibration
``ring``      points and scores of the mode-collapse lab
``paths``     paths of samples from noise to data
============= =========================================================================

Each module is imported when one of its names is first used.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "GREY": "style",
    "LatentSlider": "latent",
    "MARKERS": "style",
    "PALETTE": "style",
    "STYLE": "style",
    "animate_paths": "paths",
    "animate_ring": "ring",
    "course_figure": "style",
    "plot_bands": "bands",
    "plot_by_size": "tradeoffs",
    "plot_calibration": "ranks",
    "plot_confusions": "heatmaps",
    "plot_contexts": "text",
    "plot_correlations": "heatmaps",
    "plot_differences": "ranks",
    "plot_distributions": "tables",
    "plot_gains": "bands",
    "plot_images": "images",
    "plot_learning": "text",
    "plot_neighbours": "images",
    "plot_orders": "text",
    "plot_pairs": "tables",
    "plot_paths": "paths",
    "plot_ranks": "ranks",
    "plot_reach": "text",
    "plot_ring": "ring",
    "plot_ring_scores": "ring",
    "plot_scorecard": "scorecard",
    "plot_shaded_text": "text",
    "plot_side_by_side": "images",
    "plot_tradeoff": "tradeoffs",
    "plot_training": "training",
    "plot_walks": "latent",
    "show": "display",
    "show_diagram": "display",
    "use_course_style": "display",
    "walk": "latent",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)

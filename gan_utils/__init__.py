"""Generate numbers, images and text, and measure whether the result is any good.

The package is built in floors; a module imports only from the floors below its own:

===== ==================================================================
floor modules
===== ==================================================================
6     ``course`` (runs the notebooks; behind ``python -m gan_utils``)
5     ``benchmark``
4     ``oversampling``, ``scorecard``, ``explain``, ``plots``, ``rank_plots``, ``image_plots``,
      ``ring_plots``, ``text_plots``, ``exercises``
3     ``synthesizers``, ``image_gans``, ``ring``, ``text``
2     ``adversarial``, ``variational``, ``callbacks``, ``classifier``, ``opinions``
1     ``networks``, ``tables``, ``metrics``, ``image_metrics``, ``text_metrics``,
      ``generative``, ``canvas``
0     ``datasets``, ``budget``, ``quiet``, ``live``, ``tokens``; below them ``checks``, ``lazy``
===== ==================================================================

Importing the package loads none of them: each module is loaded on first use.
"""

from gan_utils.lazy import lazy_names

__version__ = "0.1.0"

_MODULES = (
    "adversarial",
    "benchmark",
    "budget",
    "callbacks",
    "canvas",
    "classifier",
    "course",
    "datasets",
    "exercises",
    "explain",
    "generative",
    "image_gans",
    "image_metrics",
    "image_plots",
    "metrics",
    "networks",
    "opinions",
    "oversampling",
    "plots",
    "rank_plots",
    "ring",
    "ring_plots",
    "scorecard",
    "synthesizers",
    "tables",
    "text",
    "text_metrics",
    "text_plots",
    "tokens",
    "variational",
)

__all__ = ["__version__", *_MODULES]
__getattr__, __dir__ = lazy_names(__name__, {name: name for name in _MODULES})

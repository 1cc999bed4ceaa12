"""What the course's generative models share: they train by the number of the step, and sample.

============ ===================================================================
``model``    `GenerativeModel`: a ``keras.Model`` with ``fit`` and ``sample``
``batches``  real batches by the number of the step, one part for each device
``backup``   `Backup`: one file from which a killed training goes on
``machines`` how many machines train together
============ ===================================================================
"""

from gan_utils.generative.model import SAMPLE_CHUNK, GenerativeModel

__all__ = ["SAMPLE_CHUNK", "GenerativeModel"]

"""Averages of a network's weights over the last steps, stored by its optimizer."""

import contextlib
from collections.abc import Iterator
from typing import Any

from gan_utils._support.backend import keras

#: In a short run, weights are averaged over a tenth of the steps. The averages start at the initial
#: weights, which have little influence at the end of such a run.
SHORT = 10.0


def kept_share(n_steps: int, most: float) -> float:
    """Return the momentum of the averaged weights, which is smaller in a short run.

    Parameters
    ----------
    n_steps : int
        Number of steps in the whole run.
    most : float in [0, 1)
        The momentum in a long run.

    Returns
    -------
    float in [0, 1)
        The value for Keras's ``ema_momentum``.
    """
    return min(most, max(0.0, 1 - SHORT / n_steps))


class _TakeAverages(keras.callbacks.Callback):
    """Take the averages before other callbacks end, one of which may restore better weights."""

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self.model.take_averages()


class AveragedWeights:
    """Use the averages of a network's weights; a subclass specifies the network.

    The optimizer stores the averages (Keras's ``use_ema``), so a backup includes them.
    """

    def averaged_network(self) -> tuple[keras.optimizers.Optimizer, keras.Model]:
        """Return the optimizer, which may store averages, and the network that it trains.

        Returns
        -------
        optimizer : Optimizer
        network : keras.Model
        """
        raise NotImplementedError

    def fit(self, *args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Call the ``fit`` of the next class in the MRO, then switch to the averaged weights.

        This also happens if the training is interrupted, for example with Ctrl-C. A backup contains
        both the averages and the weights that they were made from.

        Parameters
        ----------
        *args, **kwargs
            As for the next class's ``fit``.

        Returns
        -------
        keras.callbacks.History
            As returned by the next class's ``fit``.
        """
        before = int(self.step.numpy())
        callbacks = keras.tree.flatten(kwargs.pop("callbacks", None) or [])
        try:
            return super().fit(*args, callbacks=[_TakeAverages(), *callbacks], **kwargs)
        except BaseException:
            # Else, after an interruption, `sample` would use other weights than `SampleGrid` did.
            if int(self.step.numpy()) != before:
                self.take_averages()
            raise

    @property
    def is_averaging(self) -> bool:
        """Whether averages can be used: before the first step, they are still zero."""
        optimizer, _ = self.averaged_network()
        return bool(getattr(optimizer, "use_ema", False) and int(optimizer.iterations.numpy()))

    def take_averages(self) -> None:
        """Replace the network's weights with their averages, if there are any."""
        if self.is_averaging:
            optimizer, network = self.averaged_network()
            optimizer.finalize_variable_values(network.trainable_variables)

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """Use the averaged weights, if there are any, inside a ``with`` block.

        Yields
        ------
        None
        """
        _, network = self.averaged_network()
        variables = network.trainable_variables if self.is_averaging else []
        before = [variable.numpy() for variable in variables]
        self.take_averages()
        try:
            yield
        finally:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)

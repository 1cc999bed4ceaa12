"""Raise errors for unsupported methods of ``keras.Model``, and say what to use instead."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

#: Arguments of ``keras.Model.fit`` that `GenerativeModel.fit` passes on.
PASSED_ON = ("callbacks", "verbose", "initial_epoch")
#: What to use instead of each unsupported method; ``first`` is the name of the first network.
_INSTEAD = {
    "__call__": "new samples come from sample(n); a network is called alone: model.{first}(...)",
    "predict": "new samples come from sample(n); a network is asked alone: model.{first}.predict",
    "evaluate": "compare sample(n) with held-out samples: gan_utils.scorecard does",
    "train_on_batch": "use fit(samples, epochs=1, steps_per_epoch=1)",
    "export": "export the network that is wanted: model.{first}.export(path)",
    "get_config": (
        "save its networks, such as model.{first}.save('{first}.keras'), and read them with "
        "keras.models.load_model; its weights alone with save_weights; a training that is to go "
        "on with fit(..., backup='training.zip'). It cannot be pickled or copied either"
    ),
}
_NAMES = {"__call__": "call", "get_config": "description that could be saved or copied"}


def unsupported(method: str) -> Callable[..., NoReturn]:
    """Make a method that raises an error and suggests an alternative.

    Parameters
    ----------
    method : str
        Name of a method of ``keras.Model``.

    Returns
    -------
    callable
        A method that raises NotImplementedError, whatever its arguments are.
    """

    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        words = _INSTEAD[method].format(first=self.network_names[0])
        name = _NAMES.get(method, method)
        raise NotImplementedError(f"a {type(self).__name__} has no {name}: {words}.")

    refuse.__doc__ = f"Raise NotImplementedError: {_INSTEAD[method].split(':')[0]}."
    return refuse


class Unsupported:
    """Disable methods of ``keras.Model`` that make no sense for a model with several networks."""

    #: Attributes that hold the networks; the first one is named in error messages.
    network_names: ClassVar[tuple[str, ...]] = ()

    __call__ = unsupported("__call__")
    predict = predict_on_batch = unsupported("predict")
    evaluate = test_on_batch = unsupported("evaluate")
    train_on_batch = unsupported("train_on_batch")
    export = unsupported("export")
    save = get_config = unsupported("get_config")  # used by Keras for pickling and copying


def check_fit_arguments(model: Any, arguments: dict[str, Any]) -> None:
    """Reject arguments of ``keras.Model.fit`` that `GenerativeModel.fit` does not accept.

    Parameters
    ----------
    model : keras.Model
        The model; the error message gives its class.
    arguments : dict
        All arguments except the named parameters of `GenerativeModel.fit`.

    Raises
    ------
    TypeError
        If an argument is not accepted; the message names it and suggests an alternative.
    """
    unknown = [name for name in arguments if name not in PASSED_ON]
    if unknown:
        raise TypeError(
            f"{type(model).__name__}.fit takes no {unknown[0]}: it learns samples alone, without "
            "targets, weights or validation. Leave it out; to validate, compare sample(n) with "
            "held-out samples after the training (gan_utils.scorecard)."
        )

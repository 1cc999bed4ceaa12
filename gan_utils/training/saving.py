"""One file per model: a zip archive of JSON and networks, written atomically.

Nothing in the file is ever unpickled: networks are stored as ``.keras`` files, which are read with
Keras's ``safe_mode``, or as weights alone.
"""

import inspect
import json
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from gan_utils._support.backend import check_precision, keras
from gan_utils._support.files import in_home, replacing, shows_damage

#: Name of the JSON inside a saved model.
_CONFIG = "model.json"


class ModelArchive:
    """The content of a saved model, or of a training backup.

    Parameters
    ----------
    archive : zipfile.ZipFile
        An archive that is open for reading or writing; see `create` and `open`.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @classmethod
    @contextmanager
    def create(cls, path: str | Path) -> Iterator[Self]:
        """Write a file under a temporary name; move it into place if the ``with`` block succeeds.

        Parameters
        ----------
        path : str or Path

        Yields
        ------
        ModelArchive
        """
        with replacing(path) as part, zipfile.ZipFile(part, "w") as archive:
            yield cls(archive)

    @classmethod
    @contextmanager
    def open(cls, path: str | Path) -> Iterator[Self]:
        """Open a file for reading, inside a ``with`` block.

        Parameters
        ----------
        path : str or Path

        Yields
        ------
        ModelArchive
        """
        with zipfile.ZipFile(path) as archive:
            yield cls(archive)

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Add content as JSON.

        Parameters
        ----------
        name : str
            The name of the entry in the archive.
        content : dict
            See `as_json`.
        """
        self._archive.writestr(name, as_json(content))

    def read_json(self, name: str) -> dict[str, Any]:
        """Return the content that `write_json` wrote.

        Parameters
        ----------
        name : str
            The name of the entry in the archive.

        Returns
        -------
        dict
            A dict of JSON values.

        Raises
        ------
        ValueError
            If the entry is not a dict.
        """
        content = json.loads(self._archive.read(name))
        if not isinstance(content, dict):
            raise ValueError(f"{name} holds {type(content).__name__}, not a dict")
        return content

    def write_network(self, name: str, network: keras.Model) -> None:
        """Add a network with its layers and weights.

        Parameters
        ----------
        name : str
            The name of the entry, without a file extension.
        network : keras.Model
            A network made of Keras's own layers or of registered layers.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"{name}.keras")
            network.save(file)
            self._archive.write(file, file.name)

    def read_network(self, name: str) -> keras.Model:
        """Return a network written by `write_network`; code in the file is never run.

        Parameters
        ----------
        name : str

        Returns
        -------
        keras.Model
            The network, which is not compiled.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = self._archive.extract(f"{name}.keras", folder)
            return keras.models.load_model(file, safe_mode=True, compile=False)

    def write_weights(self, name: str, weights: bytes) -> None:
        """Add the weights of a network.

        Parameters
        ----------
        name : str
            The name of the entry, without a file extension.
        weights : bytes
            See `weights_of`.
        """
        self._archive.writestr(f"{name}.weights.h5", weights)

    def read_weights(self, name: str, network: keras.Model) -> None:
        """Load weights into a network with the same layers.

        Parameters
        ----------
        name : str
        network : keras.Model
            A network that has been built.
        """
        with tempfile.TemporaryDirectory() as folder:
            network.load_weights(self._archive.extract(f"{name}.weights.h5", folder))


def weights_of(network: keras.Model) -> bytes:
    """Return the weights of a network and the state of its optimizers as an HDF5 file.

    Parameters
    ----------
    network : keras.Model
        A network that has been built.

    Returns
    -------
    bytes
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.weights.h5")
        network.save_weights(file)
        return file.read_bytes()


def as_json(content: Any) -> str:
    """Serialize values that JSON restores unchanged, and reject all others.

    Parameters
    ----------
    content : dict or list
        The values may be text, numbers, booleans, None, lists and dicts. NumPy numbers are
        converted to Python numbers.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If the content holds a value that JSON does not restore unchanged, such as a date or a tuple
        (which would become a list).
    """
    _check_plain(content)
    return json.dumps(content, default=_as_python)


def _check_plain(value: Any) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _check_plain(part) if isinstance(key, str) else _refuse_value(key)
    elif isinstance(value, list):
        for part in value:
            _check_plain(part)
    elif not isinstance(value, str | int | float | np.generic | None):
        _refuse_value(value)


def _as_python(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else _refuse_value(value)


def _refuse_value(value: Any) -> None:
    raise TypeError(
        f"{value!r} is of type {type(value).__name__}, which a saved model cannot hold. Turn it "
        "into text or numbers, and fit again."
    )


class SaveMixin(ABC):
    """Provide ``save``, ``load`` and ``settings`` for every class that can be fitted.

    A subclass stores each parameter of its ``__init__`` in an attribute of the same name, and
    implements ``check_fitted``, ``_write`` and ``_restore``.
    """

    #: Version of the file format; it increases when the layout of saved files changes.
    file_version: ClassVar[int] = 1
    #: Parameters that belong to this machine and are not saved.
    local_settings: ClassVar[tuple[str, ...]] = ()

    def settings(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        return other

    def __sklearn_clone__(self) -> Self:
        return type(self)(**self.settings())

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to pickle or deep-copy a fitted object, whose networks allow neither."""
        try:
            self.check_fitted()
        except RuntimeError:  # an object that is not fitted consists of its settings
            return super().__reduce_ex__(protocol)
        name = type(self).__name__
        raise TypeError(
            f"a fitted {name} cannot be pickled, sent to another process or deep-copied. Write it "
            f"to a file with save(path), and read it with {name}.load(path)."
        )

    @abstractmethod
    def check_fitted(self) -> None:
        """Raise a RuntimeError if nothing has been fitted yet."""

    @abstractmethod
    def _write(self, archive: ModelArchive) -> dict[str, Any]:
        """Write the networks; return everything else that was learned, as JSON values."""

    @abstractmethod
    def _restore(self, state: dict[str, Any], archive: ModelArchive) -> None:
        """Restore the state that `_write` wrote and returned."""

    def save(self, path: str | Path) -> None:
        """Write the trained model to one file, atomically.

        Parameters
        ----------
        path : str or Path
            The name usually ends in ``.zip``, since the file is a zip archive of networks and JSON.
            Nothing in the archive is pickled.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        ValueError
            If the path is empty or is a folder.
        """
        self.check_fitted()
        with ModelArchive.create(path) as archive:
            state = self._write(archive)
            head = {"format": self.file_format(), "settings": self.saved_settings()}
            archive.write_json(_CONFIG, {**head, **state})

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model written by `save`.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        object of this class
            A fitted object, whose results equal those of the saved object, bit for bit.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        OSError
            If the system refuses to read the file.
        ValueError
            If the file is damaged or does not contain a saved model of this class, or Keras is set
            to a precision other than float32.
        """
        path = in_home(path)
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path.name} in {path.parent}.")
        try:
            with ModelArchive.open(path) as archive:
                return cls._from_archive(archive)
        except Exception as error:  # zipfile, zlib, h5py and Keras raise different errors
            check_precision()
            if not shows_damage(error):
                raise
            raise ValueError(
                f"{path.name} is damaged or was not written by {cls.__name__}.save "
                f"({error}). Save the model again."
            ) from error

    @classmethod
    def _from_archive(cls, archive: ModelArchive) -> Self:
        state = archive.read_json(_CONFIG)
        found, expected = state.get("format"), cls.file_format()
        if found != expected:
            raise ValueError(f"its format is {found!r}, not {expected!r}")
        model = cls(**state["settings"])
        model._restore(state, archive)
        return model

    @classmethod
    def file_format(cls) -> str:
        """Return the name of the file format."""
        return f"gan_utils {cls.__name__} {cls.file_version}"

    def saved_settings(self) -> dict[str, Any]:
        """Return the parameters as JSON values, with None for `local_settings`."""
        known = self.settings() | dict.fromkeys(self.local_settings)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in known.items()}

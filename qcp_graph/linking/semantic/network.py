"""A BERT sentence encoder as an ONNX graph, written from its published weights.

The model comes as ``model.safetensors`` with ``config.json`` and ``tokenizer.json``, as sentence
encoders are published. The graph is written once per model, so that no training library is needed
at run time. Besides the sentence's vector it gives the vector of each token, which the ranking
compares with labels.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from qcp_graph.errors import DataError

_EPSILON: Final = "layer_norm_eps"


@dataclass(frozen=True)
class Shape:
    """The sizes of an encoder, from its ``config.json``."""

    hidden: int
    heads: int
    layers: int
    epsilon: float

    @classmethod
    def read(cls, path: Path) -> "Shape":
        """Read the sizes of a BERT encoder.

        :raises DataError: when the file describes another kind of model.
        """
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
            if config["model_type"] != "bert" or config.get("hidden_act", "gelu") != "gelu":
                raise _no_encoder(path, f"a model of type {config['model_type']!r}")
            return cls(
                int(config["hidden_size"]), int(config["num_attention_heads"]),
                int(config["num_hidden_layers"]), float(config[_EPSILON]),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _no_encoder(path, f"an unreadable description ({error!r})") from error


def _no_encoder(path: Path, what: str) -> DataError:
    return DataError(
        "QCP-LNK-MODEL",
        f"The model cannot be used: it has {what}, where a BERT sentence encoder is needed.",
        where=str(path),
        remedy="Give the folder of a model such as all-MiniLM-L6-v2 (config.json, "
        "model.safetensors, tokenizer.json).",
    )


@dataclass
class _Graph:
    """Nodes and constants under construction."""

    shape: Shape
    weights: Mapping[str, Any]
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, source: str, weight: str, output: str) -> str:
        matrix = self.constant(f"{output}.weight", self.weights[f"{weight}.weight"].T)
        bias = self.constant(f"{output}.bias", self.weights[f"{weight}.bias"])
        product = self.node("MatMul", [source, matrix], f"{output}.product")
        return self.node("Add", [product, bias], output)

    def normal(self, source: str, weight: str, output: str) -> str:
        scale = self.constant(f"{output}.scale", self.weights[f"{weight}.weight"])
        bias = self.constant(f"{output}.bias", self.weights[f"{weight}.bias"])
        return self.node(
            "LayerNormalization", [source, scale, bias], output, axis=-1,
            epsilon=self.shape.epsilon,
        )  # fmt: skip


def write(model: Path, target: Path) -> None:
    """Write the ONNX graph of the encoder in a folder.

    Inputs ``ids`` and ``mask`` (int64, batch x tokens); outputs ``sentence`` (float32, batch x
    hidden, unit length) and ``tokens`` (batch x tokens x hidden).

    :raises DataError: when the model is of another kind or lacks weights.
    """
    import onnx
    from onnx import TensorProto, helper
    from safetensors.numpy import load_file

    shape = Shape.read(model / "config.json")
    try:
        weights = load_file(model / "model.safetensors")
    except Exception as error:  # the library raises its own errors, which are no public classes
        raise _no_encoder(model / "model.safetensors", f"unreadable weights ({error})") from error
    plain = {name.removeprefix("bert."): value for name, value in weights.items()}
    graph = _Graph(shape, plain)
    try:
        last = _layers(graph)
    except KeyError as error:
        raise _no_encoder(model, f"no weights {error}") from error
    sentence = _pooled(graph, last)
    number, real = TensorProto.INT64, TensorProto.FLOAT
    made = helper.make_model(
        helper.make_graph(
            graph.nodes, "encoder",
            [helper.make_tensor_value_info(name, number, ["batch", "tokens"])
             for name in ("ids", "mask")],
            [helper.make_tensor_value_info(sentence, real, ["batch", shape.hidden]),
             helper.make_tensor_value_info(last, real, ["batch", "tokens", shape.hidden])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 18)],
    )  # fmt: skip
    made.ir_version = 9
    onnx.checker.check_model(made)
    temporary = target.with_suffix(".partial")
    onnx.save(made, str(temporary))
    temporary.replace(target)


def _layers(graph: _Graph) -> str:
    state = _embedded(graph)
    _mask(graph)
    shape = graph.shape
    size = shape.hidden // shape.heads
    graph.constant("split", np.array([0, 0, shape.heads, size], np.int64))
    graph.constant("merge", np.array([0, 0, shape.hidden], np.int64))
    graph.constant("scale", np.array(1 / np.sqrt(size), np.float32))
    for name, value in (("half", 0.5), ("root", 1 / np.sqrt(2))):
        graph.constant(name, np.array(value, np.float32))
    for number in range(shape.layers):
        last = number == shape.layers - 1
        state = _layer(graph, state, number, "tokens" if last else f"layer{number}")
    return state


def _embedded(graph: _Graph) -> str:
    weights = graph.weights
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"])
    kind = graph.constant("kind", weights["embeddings.token_type_embeddings.weight"][:1][None])
    start = graph.constant("start", np.array([0], np.int64))
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    used = graph.node("Slice", [places, start, length, start], "used")
    looked_up = graph.node("Gather", [words, "ids"], "looked-up")
    placed = graph.node("Add", [looked_up, used], "placed")
    return graph.normal(
        graph.node("Add", [placed, kind], "kinded"), "embeddings.LayerNorm", "embedded"
    )


def _mask(graph: _Graph) -> None:
    from onnx import TensorProto

    graph.constant("one", np.array(1, np.float32))
    graph.constant("never", np.array(-1e9, np.float32))
    graph.constant("axes12", np.array([1, 2], np.int64))
    graph.node("Cast", ["mask"], "real-mask", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["real-mask", "axes12"], "wide-mask")
    graph.node("Sub", ["one", "wide-mask"], "hidden-mask")
    graph.node("Mul", ["hidden-mask", "never"], "attention-mask")


def _layer(graph: _Graph, state: str, number: int, output: str) -> str:
    before, name = f"encoder.layer.{number}.", f"l{number}"
    heads = {}
    for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        made = graph.linear(state, f"{before}attention.self.{part}", f"{name}.{part}")
        split = graph.node("Reshape", [made, "split"], f"{made}.split")
        heads[part] = graph.node("Transpose", [split], f"{made}.heads", perm=order)
    scores = graph.node("MatMul", [heads["query"], heads["key"]], f"{name}.scores")
    scaled = graph.node("Mul", [scores, "scale"], f"{name}.scaled")
    masked = graph.node("Add", [scaled, "attention-mask"], f"{name}.masked")
    shares = graph.node("Softmax", [masked], f"{name}.shares", axis=-1)
    mixed = graph.node("MatMul", [shares, heads["value"]], f"{name}.mixed")
    turned = graph.node("Transpose", [mixed], f"{name}.turned", perm=[0, 2, 1, 3])
    merged = graph.node("Reshape", [turned, "merge"], f"{name}.merged")
    attended = graph.linear(merged, f"{before}attention.output.dense", f"{name}.attended")
    added = graph.node("Add", [attended, state], f"{name}.added")
    middle = graph.normal(added, f"{before}attention.output.LayerNorm", f"{name}.middle")
    wide = _gelu(graph, graph.linear(middle, f"{before}intermediate.dense", f"{name}.wide"))
    narrow = graph.linear(wide, f"{before}output.dense", f"{name}.narrow")
    summed = graph.node("Add", [narrow, middle], f"{name}.summed")
    return graph.normal(summed, f"{before}output.LayerNorm", output)


def _gelu(graph: _Graph, source: str) -> str:
    scaled = graph.node("Mul", [source, "root"], f"{source}.scaled")
    error = graph.node("Erf", [scaled], f"{source}.erf")
    shifted = graph.node("Add", [error, "one"], f"{source}.shifted")
    weighted = graph.node("Mul", [shifted, source], f"{source}.weighted")
    return graph.node("Mul", [weighted, "half"], f"{source}.gelu")


def _pooled(graph: _Graph, last: str) -> str:
    """Return the mean of the tokens that are no padding, at unit length."""
    graph.constant("axis1", np.array([1], np.int64))
    graph.constant("axis2", np.array([2], np.int64))
    graph.node("Unsqueeze", ["real-mask", "axis2"], "token-mask")
    graph.node("Mul", [last, "token-mask"], "kept")
    graph.node("ReduceSum", ["kept", "axis1"], "sum", keepdims=0)
    graph.node("ReduceSum", ["real-mask", "axis1"], "count", keepdims=1)
    graph.node("Div", ["sum", "count"], "mean")
    graph.node("ReduceL2", ["mean", "axis1"], "size", keepdims=1)
    return graph.node("Div", ["mean", "size"], "sentence")

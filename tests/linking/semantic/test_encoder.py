"""The encoder's graph against the same arithmetic written out with numpy."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qcp_graph.errors import DataError, UsageError

pytest.importorskip("onnxruntime", reason="the extra [semantic] is not installed")
pytest.importorskip("safetensors", reason="the extra [semantic] is not installed")

from qcp_graph.linking.semantic.encoder import Encoder, find_model

HIDDEN, HEADS, LAYERS, WIDE, WORDS = 16, 4, 2, 32, 40
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "weld", "pipes", "read", "drawings"]


def _weights() -> dict[str, Any]:
    chance = np.random.default_rng(1)

    def made(*shape: int) -> Any:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": made(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": made(64, HIDDEN),
        "embeddings.token_type_embeddings.weight": made(2, HIDDEN),
    }
    linear = {"attention.self.query": (HIDDEN, HIDDEN), "attention.self.key": (HIDDEN, HIDDEN),
              "attention.self.value": (HIDDEN, HIDDEN), "attention.output.dense": (HIDDEN, HIDDEN),
              "intermediate.dense": (WIDE, HIDDEN), "output.dense": (HIDDEN, WIDE)}  # fmt: skip
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        before = f"encoder.layer.{layer}."
        for name, (rows, columns) in linear.items():
            found[f"{before}{name}.weight"] = made(rows, columns)
            found[f"{before}{name}.bias"] = made(rows)
        norms += [f"{before}attention.output.LayerNorm", f"{before}output.LayerNorm"]
    for name in norms:
        found[f"{name}.weight"], found[f"{name}.bias"] = made(HIDDEN) + 1, made(HIDDEN)
    return found


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small encoder with random weights, in the form in which encoders are published."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    folder = tmp_path / "model"
    folder.mkdir()
    config = {"model_type": "bert", "hidden_size": HIDDEN, "num_attention_heads": HEADS,
              "num_hidden_layers": LAYERS, "layer_norm_eps": 1e-12}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    save_file(_weights(), str(folder / "model.safetensors"))
    vocabulary = {word: number for number, word in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _by_hand(ids: list[int]) -> tuple[Any, Any]:
    """Compute sentence and token vectors the long way."""
    weights = _weights()

    def normal(x: Any, name: str) -> Any:
        mean, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        scaled = (x - mean) / np.sqrt(spread + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def linear(x: Any, name: str) -> Any:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def gelu(x: Any) -> Any:
        from math import erf, sqrt

        return x * 0.5 * (1 + np.vectorize(erf)(x / sqrt(2)))

    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        before = f"encoder.layer.{layer}."
        heads = []
        parts = [linear(x, f"{before}attention.self.{p}") for p in ("query", "key", "value")]
        size = HIDDEN // HEADS
        for head in range(HEADS):
            q, k, v = (part[:, head * size : (head + 1) * size] for part in parts)
            scores = q @ k.T / np.sqrt(size)
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            heads.append(shares / shares.sum(-1, keepdims=True) @ v)
        attended = linear(np.concatenate(heads, -1), f"{before}attention.output.dense")
        x = normal(attended + x, f"{before}attention.output.LayerNorm")
        wide = gelu(linear(x, f"{before}intermediate.dense"))
        x = normal(linear(wide, f"{before}output.dense") + x, f"{before}output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean), x


def test_the_graph_computes_what_the_model_says(model: Path, tmp_path: Path) -> None:
    encoder = Encoder(model, tmp_path / "cache")
    ((sentence, tokens),) = encoder.tokens(["weld pipes read"])
    wanted, all_tokens = _by_hand([2, 4, 5, 6, 3])
    assert float(sentence @ wanted) > 0.99999
    assert np.allclose(tokens.vectors, all_tokens[1:-1], atol=1e-4)
    assert [tuple(span) for span in tokens.spans] == [(0, 4), (5, 10), (11, 15)]


def test_padding_in_a_batch_changes_nothing(model: Path, tmp_path: Path) -> None:
    encoder = Encoder(model, tmp_path / "cache")
    together = encoder.sentences(["weld", "weld pipes read drawings weld pipes", "read"])
    for text, vector in zip(["weld", "read"], together[[0, 2]], strict=True):
        assert np.allclose(vector, encoder.tokens([text])[0][0], atol=1e-5)


def test_texts_encoded_together_are_those_encoded_alone(model: Path, tmp_path: Path) -> None:
    encoder = Encoder(model, tmp_path / "cache")
    texts = ["weld pipes read drawings", "read", "", "weld pipes"]
    for text, (sentence, tokens) in zip(texts, encoder.tokens(texts), strict=True):
        ((alone, its),) = encoder.tokens([text])
        assert np.allclose(sentence, alone, atol=1e-5)
        assert np.allclose(tokens.vectors, its.vectors, atol=1e-4)
        assert tokens.spans == its.spans
    assert encoder.tokens([]) == []


def test_a_damaged_graph_is_written_anew(model: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Encoder(model, cache)
    (graph,) = cache.glob("*.onnx")
    graph.write_bytes(graph.read_bytes()[:200])
    assert len(Encoder(model, cache).tokens(["weld"])) == 1


@pytest.mark.parametrize("content", [None, b"", b"{]"])
def test_a_model_without_a_tokenizer_is_named(
    model: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = model / "tokenizer.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be used.*tokenizer") as found:
        Encoder(model, tmp_path / "cache")
    assert found.value.code == "QCP-LNK-MODEL"


def test_the_graph_is_written_once(model: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Encoder(model, cache)
    (graph,) = cache.iterdir()
    written = graph.stat().st_mtime_ns
    Encoder(model, cache)
    assert graph.stat().st_mtime_ns == written


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_damaged_model_is_named(model: Path, tmp_path: Path, file: str) -> None:
    (model / file).write_bytes(b"{}")
    with pytest.raises(DataError, match="QCP-LNK-MODEL"):
        Encoder(model, tmp_path / "cache")


def test_a_folder_without_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="QCP-LNK-MODEL"):
        find_model(tmp_path)

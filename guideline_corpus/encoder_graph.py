"""The all-MiniLM-L6-v2 sentence encoder as an ONNX graph, written node by node.

The weights come as a safetensors file for PyTorch, which is gigabytes that nothing else here needs; onnxruntime is
installed with Chroma anyway. So the six BERT layers (Devlin et al. 2018, post-norm, GELU by erf), the mean over the
tokens that are not padding, and the scaling to unit length are put together here. tests/unit/test_embedding.py holds
the graph against a forward pass written in numpy and against vectors that PyTorch gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

LAYERS = 6
HEADS = 12
HIDDEN = 384
EPSILON = 1e-12
OPSET = 20
MASKED = -1e9

Array = NDArray[Any]


def build_encoder(weights_file: Path) -> bytes:
    """The serialised model: `input_ids` and `attention_mask` (batch, tokens; int64) to `embedding` (batch, 384)."""
    with safe_open(weights_file, framework="numpy") as stored:
        weights = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
    model: bytes = _EncoderGraph(weights).model().SerializeToString()
    return model


class _EncoderGraph:
    """Collects nodes and constants; every `op` returns the name of what it computes."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> onnx.ModelProto:
        hidden = self._embed_tokens()
        bias = self._attention_bias()
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, bias)
        self._pool(hidden)
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", HIDDEN])],
            list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="imr-drafter")
        model.ir_version = 10
        return model

    def _embed_tokens(self) -> str:
        """Word, position and segment embeddings; there is one segment, so its row joins the positions."""
        positions = self._weights["embeddings.position_embeddings.weight"]
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        table = self._constant("positions", positions + segment)
        length = self._op("Gather", self._op("Shape", "input_ids"), self._constant("one", np.array([1])), axis=0)
        place = self._op(
            "Slice", table, self._constant("zero", np.array([0])), length, self._constant("first_axis", np.array([0]))
        )
        words = self._op("Gather", self._weight("embeddings.word_embeddings.weight"), "input_ids", axis=0)
        return self._normalise("embeddings.LayerNorm", self._op("Add", words, place))

    def _attention_bias(self) -> str:
        """0 where a token may be attended to, very negative where it is padding: (batch, 1, 1, tokens)."""
        mask = self._op("Cast", "attention_mask", to=TensorProto.FLOAT)
        padding = self._op("Sub", self._constant("ones", np.array(1, dtype=np.float32)), mask)
        bias = self._op("Mul", padding, self._constant("masked", np.array(MASKED, dtype=np.float32)))
        return self._op("Unsqueeze", bias, self._constant("head_axes", np.array([1, 2])))

    def _layer(self, name: str, hidden: str, bias: str) -> str:
        attended = self._dense(f"{name}attention.output.dense", self._attend(f"{name}attention.self.", hidden, bias))
        hidden = self._normalise(f"{name}attention.output.LayerNorm", self._op("Add", attended, hidden))
        inner = self._op("Gelu", self._dense(f"{name}intermediate.dense", hidden))
        outer = self._dense(f"{name}output.dense", inner)
        return self._normalise(f"{name}output.LayerNorm", self._op("Add", outer, hidden))

    def _attend(self, name: str, hidden: str, bias: str) -> str:
        query, value = (self._heads(f"{name}{part}", hidden, [0, 2, 1, 3]) for part in ("query", "value"))
        key = self._heads(f"{name}key", hidden, [0, 2, 3, 1])
        scale = self._constant("scale", np.array((HIDDEN // HEADS) ** -0.5, dtype=np.float32))
        scores = self._op("Add", self._op("Mul", self._op("MatMul", query, key), scale), bias)
        mixed = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        joined = self._op("Transpose", mixed, perm=[0, 2, 1, 3])
        return self._op("Reshape", joined, self._constant("joined", np.array([0, 0, HIDDEN])))

    def _heads(self, name: str, hidden: str, order: list[int]) -> str:
        split = self._constant("split", np.array([0, 0, HEADS, HIDDEN // HEADS]))
        return self._op("Transpose", self._op("Reshape", self._dense(name, hidden), split), perm=order)

    def _pool(self, hidden: str) -> None:
        """The mean over real tokens, then unit length, as the published model pools."""
        mask = self._op("Cast", "attention_mask", to=TensorProto.FLOAT)
        column = self._op("Unsqueeze", mask, self._constant("last_axis", np.array([2])))
        token_axis = self._constant("token_axis", np.array([1]))
        total = self._op("ReduceSum", self._op("Mul", hidden, column), token_axis, keepdims=0)
        count = self._op("ReduceSum", mask, token_axis, keepdims=1)
        mean = self._op("Div", total, count)
        length = self._op("ReduceL2", mean, token_axis, keepdims=1)
        self._nodes.append(helper.make_node("Div", [mean, length], ["embedding"]))

    def _dense(self, name: str, value: str) -> str:
        """A linear layer; PyTorch keeps its matrix as (out, in)."""
        matrix = self._constant(f"{name}.matrix", np.ascontiguousarray(self._weights[f"{name}.weight"].T))
        return self._op("Add", self._op("MatMul", value, matrix), self._weight(f"{name}.bias"))

    def _normalise(self, name: str, value: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._op("LayerNormalization", value, scale, shift, axis=-1, epsilon=EPSILON)

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: Array) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(value, name)
        return name

    def _op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

"""From a training checkpoint back to files that engines read.

`to_gguf` for llama.cpp (the checkpoint already has GGUF names and conventions),
`to_safetensors` for vLLM and transformers (their names, norms without the +1 that GGUF
stores for Gemma, query/key rows un-permuted for Llama).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

from kakehashi.errors import DependencyError, FormatError
from kakehashi.forge.vocabulary import CONTROL, Vocabulary
from kakehashi.gguf_file import GGUFFile, Tensor, text_value

Floats = npt.NDArray[np.float32]

_LAYER_NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm", "attn_norm": "input_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip
_NORM_NAMES = {
    "gemma3": {
        "post_attention_norm": "post_attention_layernorm",
        "ffn_norm": "pre_feedforward_layernorm",
        "post_ffw_norm": "post_feedforward_layernorm",
    },
    "llama": {"ffn_norm": "post_attention_layernorm"},
}


def to_gguf(base: GGUFFile, weights: dict[str, Floats], *, name: str) -> GGUFFile:
    """`base` with trained float32 weights in the place of its own.

    Args:
        base: the GGUF that training started from; metadata and vocabulary are its.
        weights: by GGUF name, all of the base's tensors.
        name: `general.name` of the result.

    Raises:
        FormatError: a tensor is missing or has another shape.
    """
    result = GGUFFile(base.path, dict(base.metadata), {})
    for key, old in base.tensors.items():
        new = weights.get(key)
        if new is None or tuple(new.shape) != old.shape:
            raise FormatError(f"the checkpoint lacks {key} in shape {old.shape}")
        data = np.ascontiguousarray(new, np.float32)
        result.tensors[key] = Tensor(
            key, old.shape, gguf.GGMLQuantizationType.F32, data.view(np.uint8)
        )
    base_name = str(base.get("general.name", ""))
    result.metadata["general.name"] = text_value(name)
    result.metadata["general.base_model.0.name"] = text_value(base_name)
    result.metadata["general.base_model.count"] = _count(1)
    return result


def _count(value: int) -> Any:
    from kakehashi.gguf_file import Value

    return Value(value, int(gguf.GGUFValueType.UINT32))


def load_checkpoint(path: Path) -> dict[str, Floats]:
    """The tensors of a `.safetensors` checkpoint as float32.

    Raises:
        DependencyError: safetensors is not installed.
    """
    try:
        from safetensors.numpy import load_file
    except ModuleNotFoundError:
        raise DependencyError(
            "reading a checkpoint needs safetensors", hint="pip install 'kakehashi[train]'"
        ) from None
    return {name: value.astype(np.float32) for name, value in load_file(path).items()}


def hugging_face_name(architecture: str, name: str) -> str:
    """The name that transformers and vLLM use for a GGUF tensor.

    Raises:
        FormatError: a tensor that has no counterpart.
    """
    fixed = {
        "token_embd.weight": "model.embed_tokens.weight",
        "output_norm.weight": "model.norm.weight",
        "output.weight": "lm_head.weight",
    }
    if name in fixed:
        return fixed[name]
    table = _LAYER_NAMES | _NORM_NAMES[architecture]
    parts = name.split(".")
    if len(parts) != 4 or parts[0] != "blk" or parts[2] not in table:
        raise FormatError(f"the tensor {name} has no counterpart in transformers")
    return f"model.layers.{parts[1]}.{table[parts[2]]}.weight"


def _unpermute(weight: Floats, heads: int) -> Floats:
    """Undo the interleaving of rotary pairs that GGUF files of Llama models have."""
    rows, width = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, width).swapaxes(1, 2).reshape(rows, width)


def hugging_face_config(model: GGUFFile) -> dict[str, object]:
    """`config.json` for transformers and vLLM.

    Raises:
        FormatError: an architecture we do not export.
    """
    if model.architecture not in _NORM_NAMES:
        raise FormatError(f"exporting '{model.architecture}' is not supported")
    heads, width = int(model.hyper("attention.head_count")), int(model.hyper("embedding_length"))
    layers = int(model.hyper("block_count"))
    config: dict[str, object] = {
        "hidden_size": width,
        "intermediate_size": int(model.hyper("feed_forward_length")),
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": int(model.hyper("attention.head_count_kv", heads)),
        "head_dim": int(model.hyper("attention.key_length", width // heads)),
        "max_position_embeddings": int(model.hyper("context_length")),
        "rms_norm_eps": float(model.hyper("attention.layer_norm_rms_epsilon")),
        "rope_theta": float(model.hyper("rope.freq_base", 10_000.0)),
        "vocab_size": model.tensors["token_embd.weight"].shape[0],
        "bos_token_id": model.get("tokenizer.ggml.bos_token_id"),
        "eos_token_id": model.get("tokenizer.ggml.eos_token_id"),
        "pad_token_id": model.get("tokenizer.ggml.padding_token_id"),
        "tie_word_embeddings": "output.weight" not in model.tensors,
        "torch_dtype": "bfloat16",
    }
    if model.architecture == "llama":
        return config | {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
        }  # fmt: skip
    kinds = ["full_attention" if (i + 1) % 6 == 0 else "sliding_attention" for i in range(layers)]
    return config | {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "hidden_activation": "gelu_pytorch_tanh",
        "query_pre_attn_scalar": int(model.hyper("attention.key_length")),
        "rope_local_base_freq": 10_000.0,
        "sliding_window": int(model.hyper("attention.sliding_window")),
        "layer_types": kinds,
    }


def to_safetensors(model: GGUFFile, folder: Path) -> None:
    """Write `model.safetensors`, `config.json` and the tokenizer for vLLM/transformers.

    Weights are stored as bfloat16, the type both engines compute in.

    Raises:
        DependencyError: torch is not installed (numpy has no bfloat16).
    """
    try:
        import torch
        from safetensors.torch import save_file
    except ModuleNotFoundError:
        raise DependencyError(
            "writing safetensors needs torch", hint="pip install 'kakehashi[train]'"
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    config = hugging_face_config(model)
    heads = {"attn_q": "num_attention_heads", "attn_k": "num_key_value_heads"}
    tensors = {}
    for name, tensor in model.tensors.items():
        if name == "rope_freqs.weight":
            continue
        values = tensor.values()
        if model.architecture == "gemma3" and values.ndim == 1:
            values = values - 1.0
        kind = name.split(".")[-2]
        if model.architecture == "llama" and kind in heads:
            values = _unpermute(values, int(str(config[heads[kind]])))
        key = hugging_face_name(model.architecture, name)
        tensors[key] = torch.from_numpy(np.array(values)).to(torch.bfloat16)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    _write_json(folder / "config.json", config)
    _write_tokenizer(model, folder)


def _write_tokenizer(model: GGUFFile, folder: Path) -> None:
    from tokenizers import AddedToken

    vocabulary = Vocabulary.from_gguf(model)
    tokenizer = vocabulary.tokenizer()
    controls = [
        token for row, token in enumerate(vocabulary.tokens) if vocabulary.types[row] == CONTROL
    ]
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in controls])
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {
        f"{kind}_token": vocabulary.tokens[row]
        for kind, key in (("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding"))
        if (row := model.get(f"tokenizer.ggml.{key}_token_id")) is not None
    }
    _write_json(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
        | named,
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

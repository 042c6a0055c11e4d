from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
import pytest

from kakehashi.errors import FormatError, InputError
from kakehashi.forge.data import Packed
from kakehashi.forge.export import hugging_face_name, load_checkpoint, to_gguf, to_safetensors
from kakehashi.gguf_file import read_gguf, write_gguf
from tests.forge.helpers import FAMILIES, exact_llama_cpp, next_log_probabilities

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")

TEXTS = [
    "図書館は月曜日が休みです。", "市役所の窓口は午前八時半に開きます。", "The library is closed on Mondays.",
    "令和六年四月十五日に新しい制度が始まりました。", "会議の資料を金曜日までに送ってください。", "１２３ＡＢＣ ｶﾀｶﾅ",
    "Please send the report to the office by Friday.", "😀。", "東京都は予算を発表した。" * 6, "a",
]  # fmt: skip
WORDS = tuple(range(300, 360))


def examples(count: int) -> list[Packed]:
    """A task that can be learned: the target repeats the source."""
    random = np.random.default_rng(0)
    packed = []
    for _ in range(count):
        source = tuple(int(i) for i in random.choice(WORDS, 5))
        packed.append(Packed((2, *source, 6, *source, 1), 7))
    return packed


@pytest.mark.parametrize("family", FAMILIES)
def test_computes_what_llama_cpp_computes(family: str, tmp_path: Path) -> None:
    from kakehashi.forge.decoder import load_decoder

    path = FAMILIES[family](tmp_path / "model.gguf")
    file = read_gguf(path)
    decoder, rows = load_decoder(file), len(file.get("tokenizer.ggml.tokens"))
    with exact_llama_cpp(path) as engine:
        for text in TEXTS:
            ids = engine.tokenize(text, special=False)
            theirs = next_log_probabilities(engine, ids, rows)
            with torch.no_grad():
                logits = decoder(torch.tensor([ids]))[0, -1]
            ours = torch.log_softmax(logits.double(), -1)
            assert len(theirs) == rows
            assert max(abs(float(ours[row]) - value) for row, value in theirs.items()) < 1e-3


def test_the_sliding_window_hides_what_is_far(tmp_path: Path) -> None:
    from kakehashi.forge.decoder import load_decoder

    decoder = load_decoder(read_gguf(FAMILIES["llama"](tmp_path / "model.gguf")))
    ids = torch.randint(300, 360, (1, 200))
    other = ids.clone()
    other[0, 0] = 299
    with torch.no_grad():
        same = torch.isclose(decoder(ids), decoder(other), atol=1e-6).all(-1)[0]
    # Two local layers of a window of 64 reach 126 positions back.
    assert not same[0]
    assert same[130:].all()


def trained(
    folder: Path, base: Path, steps: int, count: int = 400, rate: float = 3e-3, rank: int = 0
) -> list[dict[str, float]]:
    from kakehashi.forge.adapters import Adapters
    from kakehashi.forge.decoder import load_decoder
    from kakehashi.forge.train import LOG, TrainConfig, Trainer

    config = TrainConfig(
        steps=40, tokens=256, rate=rate, warmup=5, precision="fp32", save_every=20, evaluate_every=20,
    )  # fmt: skip
    model = load_decoder(read_gguf(base))
    part = Adapters(model, rank) if rank else None
    trainer = Trainer(model, examples(count), examples(80), config, folder, part=part)
    trainer.train(until=steps)
    return [json.loads(line) for line in (folder / LOG).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("rank", [0, 16])
def test_learns_and_resumes_where_it_stopped(rank: int, tmp_path: Path) -> None:
    base = FAMILIES["llama"](tmp_path / "model.gguf")
    rate = 3e-2 if rank else 3e-3
    straight = trained(tmp_path / "one", base, 40, rate=rate, rank=rank)
    held_out = [entry["held_out"] for entry in straight if "held_out" in entry]
    # The random table of the tiny model, which adapters leave alone, sets them a limit.
    assert held_out[-1] < (0.98 if rank else 0.8) * straight[0]["loss"]
    trained(tmp_path / "two", base, 20, rate=rate, rank=rank)
    resumed = trained(tmp_path / "two", base, 40, rate=rate, rank=rank)
    assert resumed[-1]["step"] == 40
    for name, value in load_checkpoint(tmp_path / "one" / "checkpoint.safetensors").items():
        other = load_checkpoint(tmp_path / "two" / "checkpoint.safetensors")[name]
        # Adapters are subtracted from the merged weights again, and a high rate blows that up.
        np.testing.assert_allclose(value, other, atol=2e-2 if rank else 1e-5)


def test_adapters_leave_the_table_alone_and_cannot_become_another_rank(tmp_path: Path) -> None:
    base = FAMILIES["llama"](tmp_path / "model.gguf")
    trained(tmp_path / "run", base, 20, rank=4)
    before, after = read_gguf(base), load_checkpoint(tmp_path / "run" / "checkpoint.safetensors")
    assert set(after) == set(before.tensors)
    for name, value in after.items():
        old = before.tensors[name].values()
        changed = name.startswith("blk.") and value.ndim == 2
        assert np.allclose(value, old) is not changed, name
        if changed:
            assert np.linalg.matrix_rank(value - old, tol=1e-5) <= 4
    with pytest.raises(InputError, match="something else"):
        trained(tmp_path / "run", base, 40, rank=0)


def test_tuned_scales_keep_the_codes_and_are_what_was_trained(tmp_path: Path) -> None:
    from kakehashi.forge.decoder import load_decoder, load_safetensors
    from kakehashi.forge.quantise import quantise
    from kakehashi.forge.scales import BLOCK_BYTES, Scales
    from kakehashi.forge.train import TrainConfig, Trainer

    base = read_gguf(FAMILIES["llama"](tmp_path / "model.gguf"))
    file = quantise(base, {"token_embd": "Q5_0", "attn_v": "Q8_0", "": "Q4_0"})
    model = load_decoder(file)
    part = Scales(model, file)
    config = TrainConfig(steps=20, tokens=256, rate=3e-2, warmup=2, precision="fp32")
    trainer = Trainer(model, examples(400), examples(80), config, tmp_path / "run", part=part)
    before = trainer.evaluate()
    trainer.train()
    assert trainer.evaluate() < before
    tuned = part.write_into(file)
    trained_ = load_decoder(file)
    load_safetensors(trained_, tmp_path / "run" / "checkpoint.safetensors")
    for name, old in file.tensors.items():
        new = tuned.tensors[name]
        assert (new.type, new.n_bytes) == (old.type, old.n_bytes)
        np.testing.assert_allclose(
            new.values(), trained_.named()[name].detach().numpy(), rtol=2e-3, atol=1e-6
        )
        if new.type.name in BLOCK_BYTES:
            size = BLOCK_BYTES[new.type.name]
            codes = [np.asarray(t.data).view(np.uint8).reshape(-1, size)[:, 2:] for t in (old, new)]
            assert np.array_equal(codes[0], codes[1])
    # Going on from the folder starts from the same model.
    again = Scales(fresh := load_decoder(file), file)
    resumed = Trainer(fresh, examples(400), examples(80), config, tmp_path / "run", part=again)
    assert resumed.step == 20
    assert resumed.evaluate() == pytest.approx(trainer.evaluate(), abs=1e-4)


def test_an_exported_model_says_what_the_trained_one_says(tmp_path: Path) -> None:
    from kakehashi.forge.decoder import load_decoder, load_safetensors

    base = FAMILIES["llama"](tmp_path / "model.gguf")
    trained(tmp_path / "run", base, 20)
    checkpoint = tmp_path / "run" / "checkpoint.safetensors"
    model = to_gguf(read_gguf(base), load_checkpoint(checkpoint), name="trained")
    target = tmp_path / "trained.gguf"
    write_gguf(model, target)
    decoder = load_decoder(read_gguf(base))
    load_safetensors(decoder, checkpoint)
    rows = len(model.get("tokenizer.ggml.tokens"))
    with exact_llama_cpp(target) as engine:
        for text in TEXTS:
            ids = engine.tokenize(text, special=False)
            theirs = next_log_probabilities(engine, ids, rows)
            with torch.no_grad():
                ours = torch.log_softmax(decoder(torch.tensor([ids]))[0, -1].double(), -1)
            assert max(abs(float(ours[row]) - value) for row, value in theirs.items()) < 1e-3


@pytest.mark.parametrize("family", FAMILIES)
def test_safetensors_keep_every_tensor_under_its_own_name(family: str, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    model = read_gguf(FAMILIES[family](tmp_path / "model.gguf"))
    to_safetensors(model, tmp_path / "hf")
    stored = load_file(tmp_path / "hf" / "model.safetensors")
    assert len(stored) == len(model.tensors)
    gemma = model.architecture == "gemma3"
    for name, tensor in model.tensors.items():
        value = stored[hugging_face_name(model.architecture, name)].float().numpy()
        expected = tensor.values() - (1.0 if gemma and len(tensor.shape) == 1 else 0.0)
        permuted = not gemma and ("attn_q." in name or "attn_k." in name)
        if permuted:
            np.testing.assert_allclose(
                np.sort(value, 0), np.sort(expected, 0), rtol=1e-2, atol=1e-3
            )
        else:
            np.testing.assert_allclose(value, expected, rtol=1e-2, atol=1e-3)
    config = json.loads((tmp_path / "hf" / "config.json").read_text("utf-8"))
    assert config["vocab_size"] == len(model.get("tokenizer.ggml.tokens"))
    assert (tmp_path / "hf" / "tokenizer.json").exists()


def test_bf16_stays_close_to_fp32(tmp_path: Path) -> None:
    from kakehashi.forge.decoder import load_decoder

    decoder = load_decoder(read_gguf(FAMILIES["llama"](tmp_path / "model.gguf")))
    ids = torch.randint(300, 360, (2, 40))
    with torch.no_grad():
        exact = decoder(ids)
        with torch.autocast("cpu", torch.bfloat16):
            rounded = decoder(ids)
    assert (exact - rounded.float()).norm() / exact.norm() < 0.05


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    base = read_gguf(FAMILIES["llama"](tmp_path / "model.gguf"))
    with pytest.raises(FormatError, match=r"lacks token_embd\.weight in shape"):
        to_gguf(base, {"output_norm.weight": np.zeros(3, np.float32)}, name="x")


def test_settings_that_cannot_work_name_the_option() -> None:
    from kakehashi.forge.train import TrainConfig

    with pytest.raises(InputError, match="--steps"):
        TrainConfig(steps=10, warmup=40)
    with pytest.raises(InputError, match="--precision"):
        TrainConfig(precision="fp8")


def test_gptq_changes_outputs_less_than_plain_rounding() -> None:
    from kakehashi.forge.calibrate import gptq
    from kakehashi.forge.quantise import quantise_q4_0

    random = torch.Generator().manual_seed(0)
    # Inputs that move together, as hidden states do.
    mixing = torch.randn(64, 96, generator=random)
    inputs = torch.randn(500, 64, generator=random) @ mixing
    weights = torch.randn(40, 96, generator=random)
    codes, scales = gptq(weights, inputs.T @ inputs / 500, 8)
    assert codes.min() >= -8
    assert codes.max() <= 7
    ours = codes * scales.repeat_interleave(32, 1)
    packed = quantise_q4_0(weights.numpy())
    plain = torch.from_numpy(gguf.dequantize(packed, gguf.GGMLQuantizationType.Q4_0))
    lost = [((inputs @ (weights - w).T) ** 2).sum() for w in (ours, plain)]
    assert lost[0] < 0.6 * lost[1]


def test_a_calibrated_model_is_closer_than_a_rounded_one(tmp_path: Path) -> None:
    from kakehashi.forge.calibrate import quantise_calibrated
    from kakehashi.forge.decoder import load_decoder
    from kakehashi.forge.quantise import quantise

    model = read_gguf(FAMILIES["llama"](tmp_path / "model.gguf"))
    types = {"token_embd": "Q5_0", "attn_v": "Q8_0", "": "Q4_0"}
    packed = examples(200)
    calibrated = quantise_calibrated(model, packed[:150], types, tokens=1000)
    rounded = quantise(model, types)
    ids = torch.tensor([example.ids for example in packed[150:]])
    with torch.no_grad():
        exact, ours, plain = (load_decoder(m)(ids) for m in (model, calibrated, rounded))
    assert (ours - exact).norm() < 0.9 * (plain - exact).norm()
    target = tmp_path / "small.gguf"
    write_gguf(calibrated, target)
    stored = {name: t.type.name for name, t in read_gguf(target).tensors.items()}
    assert stored["token_embd.weight"] == "Q5_0"
    assert stored["blk.1.attn_v.weight"] == "Q8_0"
    assert stored["blk.1.ffn_up.weight"] == "Q4_0"

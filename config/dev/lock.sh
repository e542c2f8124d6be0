#!/usr/bin/env bash
# Compiles config/requirements/*.in into *.txt with hashes and without addresses; needs uv. Pins that still fit are kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../requirements"
uv=$(command -v uv || command -v ../../.venv/bin/uv) || { echo "uv is not installed: pip install uv" >&2; exit 2; }
compile() { "$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 "$@"; }
compile runtime.in -o runtime.txt
compile dev.in -c runtime.txt -o dev.txt # the tests run on the very versions that people run
compile web.in -o web.txt

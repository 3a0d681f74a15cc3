#!/bin/sh
# Writes src/model/onnx/generated/onnx_pb.ts from src/model/onnx/onnx.proto. Run after a change of that file.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
buf generate src/model/onnx --template '{"version":"v2","plugins":[{"local":"protoc-gen-es","out":"src/model/onnx/generated","opt":["target=ts","import_extension=ts"]}]}'

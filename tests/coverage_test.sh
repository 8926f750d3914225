#!/bin/sh
# docs/domain-coverage.md tells what the tests prove today.
exec sh tests/coverage.sh --check

#!/usr/bin/env bash
# Prepares Gradescope's image: Deno, from the npm registry but without Node, whose version
# depends on the image; and the packages of the lab, so that grading needs no network.
#
# AUTOGRADER is the folder that holds source/, submission/ and results/.
# DENO is a Deno that is there already, DENO_DIR where it keeps packages.
set -euo pipefail
version=2.9.6
source=${AUTOGRADER:-/autograder}/source

mkdir -p "$source/bin"
if [ -n "${DENO:-}" ]; then
  ln -sf "$DENO" "$source/bin/deno"
else
  case $(uname -m) in
    x86_64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *)
      echo "There is no Deno for $(uname -m); expected x86_64 or aarch64" >&2
      exit 1
      ;;
  esac
  if ! command -v curl >/dev/null; then
    apt-get update && apt-get install -y --no-install-recommends curl ca-certificates
  fi
  name=linux-$cpu-glibc
  curl -fsSL --retry 3 "https://registry.npmjs.org/@deno/$name/-/$name-$version.tgz" |
    tar xz -C "$source/bin" --strip-components=1 package/deno
fi
export DENO_DIR=${DENO_DIR:-$source/deno_dir}
cd "$source/lab"
"$source/bin/deno" cache grader/grade.ts test_test.ts grader/judge/judge.ts

# shellcheck shell=bash
# The functions as they are deployed. Sourced after tools.sh by the parts that need them.

# The caches of the compiler's wrappers. All parts share them, so the functions are built once.
export CARGO_ZIGBUILD_CACHE_DIR=$store/zigbuild ZIG_GLOBAL_CACHE_DIR=$store/zig

# Builds all functions as `sam build` does, once for all parts: target/lambda/NAME/bootstrap, for this machine's
# processor. cargo-lambda is on PATH then.
need_built_functions() {
  need_python_packages
  local log=$logs/cargo-lambda.log
  echo "building the functions as they are deployed"
  if ! cargo lambda build --release >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    failed "cargo lambda build: $(reason "$log")"
    exit 1
  fi
}

# The same, zipped as Lambda takes them: target/third-party/functions/NAME.zip.
need_zipped_functions() {
  need_built_functions
  python - "$target/lambda" "$store/functions" <<'PYTHON'
import pathlib
import sys
import zipfile

built, zips = map(pathlib.Path, sys.argv[1:])
zips.mkdir(exist_ok=True)
for bootstrap in built.glob("*/bootstrap"):
    with zipfile.ZipFile(zips / f"{bootstrap.parent.name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        # The zip takes the file's mode, and Lambda needs 0755.
        bootstrap.chmod(0o755)
        file.write(bootstrap, "bootstrap")
PYTHON
}

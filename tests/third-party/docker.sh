# shellcheck shell=bash
# A Docker engine of the suite's own. Sourced after tools.sh by the parts that need containers.

# Starts an empty engine, which ends with the part. DOCKER_HOST names it. Its containers reach this machine at 172.17.0.1
# and nothing beyond it, because the engine changes no rule of the firewall.
need_docker_engine() {
  [[ $(uname -s) == Linux && $(id -u) == 0 ]] || skip "a Docker engine can only be started by root on Linux"
  command -v dockerd >/dev/null && command -v busybox >/dev/null ||
    debian docker.io busybox-static || skip "there is no Docker engine, and it cannot be installed here"
  ! docker info >/dev/null 2>&1 || skip "a Docker engine runs here already, and this part needs one of its own"
  docker_root=$(mktemp -d "$store/docker.XXXXXX")
  # A path to a socket has 107 characters at most.
  docker_run=$(mktemp -d /tmp/docker.XXXXXX)
  trap 'end_docker; end_what_was_started' EXIT
  export DOCKER_HOST=unix://$docker_run/engine
  start "$logs/dockerd.log" dockerd --data-root "$docker_root" --exec-root "$docker_run" --pidfile "$docker_run/pid" \
    --host "$DOCKER_HOST" --bip 172.17.0.1/24 --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false
  await "$logs/dockerd.log" 'API listen on' 60 >/dev/null ||
    skip "the Docker engine does not start: $(reason "$logs/dockerd.log")"
}

# Removes the containers, ends the engine and removes its files and its bridge.
end_docker() {
  local pid
  if pid=$(cat "$docker_run/pid" 2>/dev/null); then
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null || true
    kill -TERM "$pid" || true
    for _ in {1..100}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  fi
  ip link delete docker0 2>/dev/null || true
  rm -rf "$docker_run" "$docker_root"
}

# make_lambda_image NAME RIE BINARY: makes an image in which such a binary runs behind AWS's Runtime Interface Emulator. The
# emulator is where AWS's own image has it. That image cannot be pulled everywhere, so this one is made of files of this
# machine: a shell, the C library, certificates.
make_lambda_image() {
  local root file
  root=$(mktemp -d "$docker_root/image.XXXXXX")
  mkdir -p "$root"/{bin,tmp,etc/ssl/certs,var/task,var/runtime,var/rapid}
  cp "$(command -v busybox)" "$root/bin/sh"
  cp "$2" "$root/var/rapid/aws-lambda-rie"
  chmod 755 "$root/var/rapid/aws-lambda-rie"
  chmod 1777 "$root/tmp"
  # The libraries that the binary is linked with, and those that the C library opens to look up names.
  while read -r file; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done < <(
    ldd "$3" | grep -oE '/[^ ]+'
    /sbin/ldconfig -p | sed -nE 's/.*lib(resolv|nss_dns|nss_files)\.so\.[0-9]+ \(libc6,.* => (.*)/\2/p'
  )
  [[ ! -f /etc/ssl/certs/ca-certificates.crt ]] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
  tar -C "$root" -c . | docker import --change 'WORKDIR /var/task' - "$1" >/dev/null
  rm -rf "$root"
}

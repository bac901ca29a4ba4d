# What the demonstrations share. A demonstration sets here, its directory, and sources this with its own arguments: it then
# runs inside a sandbox of its own, in a working directory of its own, and has say, control and briefly.
root=$(cd "$here/../.." && pwd)
binary=$root/terraform-provider-hwcloud
[ -x "$binary" ] || { echo "Build the provider first: make build" >&2; exit 1; }

# Outside the sandbox: start one on a free port and run the demonstration in it. It stops with the demonstration.
[ "${1:-}" = inside ] || exec "$binary" sandbox -listen 127.0.0.1:0 -- "$BASH" "$0" inside

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# Terraform finds the provider in a directory of its own, as it would in a mirror of the registry.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$work/mirror/registry.terraform.io/hwcloud/hwcloud/0.0.1/$(go env GOOS)_$(go env GOARCH)
mkdir -p "$package"
ln -s "$binary" "$package/terraform-provider-hwcloud_v0.0.1"
cat >"$work/terraformrc" <<HCL
provider_installation {
  filesystem_mirror {
    path = "$work/mirror"
  }
}
HCL
export TF_CLI_CONFIG_FILE=$work/terraformrc TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1
cp "$here"/*.tf "$work/"
cd "$work"

# control METHOD PATH BODY drives the sandbox itself, by nothing but bash.
control() {
  local address=${HWCLOUD_ENDPOINT#http://} status
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s /_sandbox%s HTTP/1.0\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "$address" "${#3}" "$3" >&3
  read -r _ status _ <&3
  exec 3>&-
  [[ $status == 2* ]] || { echo "the sandbox answered $status to $1 $2" >&2; exit 1; }
}

# briefly shows what a command does, without the plan before it. Errors are shown whole.
briefly() { terraform "$@" -no-color | grep -E '^hwcloud_.* complete after|complete!'; }

# drifted plans, which must show a difference.
drifted() {
  local code=0
  terraform plan -detailed-exitcode "$@" || code=$?
  [ "$code" = 2 ] || { echo "the plan should have shown the drift" >&2; exit 1; }
}

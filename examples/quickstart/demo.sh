#!/usr/bin/env bash
# The main job on the sandbox, from apply to destroy: build the provider first (`make demo` does both).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../demo.sh" "$@"

say "terraform init"
terraform init -no-color | grep successfully

say "terraform apply: a network, a server with two disks, and a volume"
briefly apply -auto-approve

say "What exists"
terraform state list

say "Somebody renames the server in the console and adds a tag. terraform plan sees it:"
control PATCH "/objects/server/$(terraform output -raw server_id)" '{"name":"renamed-by-hand","tags":{"env":"demo","added":"by-hand"}}'
drifted

say "terraform apply puts it right, and the next plan is empty"
briefly apply -auto-approve
terraform plan -detailed-exitcode

say "terraform destroy"
briefly destroy -auto-approve

say "All gone; the sandbox stops."

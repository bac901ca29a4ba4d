#!/usr/bin/env bash
# A whole shop on the sandbox: applied, changed behind Terraform's back, put right, imported into an empty state, and
# destroyed. Build the provider first (`make three-tier` does both).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../demo.sh" "$@"

say "terraform init"
terraform init -no-color | grep successfully

say "terraform apply: a network, servers that scale behind an address, encrypted volumes, a bucket, alarms, names"
briefly apply -auto-approve
terraform plan -detailed-exitcode -no-color | tail -n 4

say "Somebody stops the entry, and lets the app grow without a limit. terraform plan sees it:"
id() { terraform state show -no-color "$1" | sed -n 's/^    id  *= "\(.*\)"$/\1/p'; }
control PATCH "/objects/server/$(id hwcloud_server.entry)" '{"status":"SHUTOFF"}'
control PATCH "/objects/scaling_group/$(id hwcloud_scaling_group.app)" '{"max_instance_number":100}'
drifted -no-color | grep -E '# hwcloud_|~ (power_state|max_instance_number)|^Plan:'

say "terraform apply puts it right"
briefly apply -auto-approve

say "The state is lost. Import blocks bring everything back, and the next plan is empty:"
terraform state list | grep -v '^data\.' | while read -r address; do
  printf 'import {\n  to = %s\n  id = "%s"\n}\n' "$address" "$(id "$address")"
done >imports.tf
rm terraform.tfstate*
terraform apply -auto-approve -no-color | grep complete!
terraform plan -detailed-exitcode -no-color | tail -n 4

say "terraform destroy"
briefly destroy -auto-approve

say "All gone; the sandbox stops."

data "hwcloud_server_groups" "example" {}

# Groups that no server is in.
output "empty_groups" {
  value = [for group in data.hwcloud_server_groups.example.server_groups : group.name if length(group.members) == 0]
}

# The youngest snapshot of a name.
data "hwcloud_volume_snapshot" "example" {
  name        = "orders-before-upgrade"
  most_recent = true
}

output "taken_at" {
  value = data.hwcloud_volume_snapshot.example.created_at
}

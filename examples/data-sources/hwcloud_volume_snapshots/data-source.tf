data "hwcloud_volume_snapshots" "example" {
  name_regex = "^orders-"
}

output "snapshot_gigabytes" {
  value = sum(concat([0], data.hwcloud_volume_snapshots.example.volume_snapshots[*].size))
}

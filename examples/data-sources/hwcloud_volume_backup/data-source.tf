# The youngest backup of a name.
data "hwcloud_volume_backup" "example" {
  name        = hwcloud_volume_backup.example.name
  most_recent = true
}

output "data_of" {
  value = data.hwcloud_volume_backup.example.data_timestamp
}

data "hwcloud_volume_backups" "example" {
  volume_id = hwcloud_volume_backup.example.volume_id
}

output "backup_gigabytes" {
  value = sum(concat([0], data.hwcloud_volume_backups.example.volume_backups[*].size))
}

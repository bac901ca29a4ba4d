data "hwcloud_volume_quota_set" "example" {
  member_id = hwcloud_volume_quota_set.example.member_id
}

output "free_gigabytes" {
  value = data.hwcloud_volume_quota_set.example.gigabytes - data.hwcloud_volume_quota_set.example.in_use["gigabytes"]
}

resource "hwcloud_volume_quota_set" "example" {
  member_id = "0f1e2d3c0f1e2d3c4b5a0f1e2d3c4b5a"
  volumes   = 20
  gigabytes = 500
  snapshots = 40
}

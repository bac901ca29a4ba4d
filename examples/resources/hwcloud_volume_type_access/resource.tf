resource "hwcloud_volume_type" "example" {
  name   = "archive"
  public = false
}

resource "hwcloud_volume_type_access" "example" {
  volume_type_id = hwcloud_volume_type.example.id
  member_id      = "0f1e2d3c0f1e2d3c4b5a0f1e2d3c4b5a"
}

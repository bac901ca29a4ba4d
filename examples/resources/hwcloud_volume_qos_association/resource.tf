resource "hwcloud_volume_type" "example" {
  name = "limited"
}

resource "hwcloud_volume_qos" "example" {
  name     = "limited"
  consumer = "front-end"

  specs = {
    total_iops_sec = "500"
  }
}

resource "hwcloud_volume_qos_association" "example" {
  volume_qos_id  = hwcloud_volume_qos.example.id
  volume_type_id = hwcloud_volume_type.example.id
}

# On an OpenStack cloud: out of a file.
resource "hwcloud_image" "example" {
  name        = "debian-12"
  source      = "${path.module}/debian-12.qcow2"
  disk_format = "qcow2"
  visibility  = "private"
  min_disk    = 2
  tag_names   = ["debian"]

  properties = {
    os_distro   = "debian"
    hw_disk_bus = "virtio"
  }
}

# Out of a volume.
resource "hwcloud_volume" "example" {
  name = "golden"
  size = 1
}

resource "hwcloud_image" "golden" {
  name        = "golden"
  volume_id   = hwcloud_volume.example.id
  disk_format = "raw"
}

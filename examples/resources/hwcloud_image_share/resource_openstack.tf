# On an OpenStack cloud: an image whose visibility is "shared".
resource "hwcloud_image" "example" {
  name        = "debian-12"
  source      = "${path.module}/debian-12.qcow2"
  disk_format = "qcow2"
}

# The other project has to accept it (hwcloud_image_share_acceptance); Terraform does not wait for that.
resource "hwcloud_image_share" "example" {
  image_id  = hwcloud_image.example.id
  member_id = "0b4c1a527d9e4f638a1b2c3d4e5f6071"
}

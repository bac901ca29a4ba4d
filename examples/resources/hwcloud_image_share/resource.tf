resource "hwcloud_image" "example" {
  name       = "ubuntu-hardened"
  image_url  = "images:ubuntu-22.04-hardened.qcow2"
  min_disk   = 40
  os_version = "Ubuntu 22.04 server 64bit"
}

# The other project has to accept it; Terraform does not wait for that.
resource "hwcloud_image_share" "example" {
  image_id  = hwcloud_image.example.id
  member_id = "0b4c1a527d9e4f638a1b2c3d4e5f6071"
}

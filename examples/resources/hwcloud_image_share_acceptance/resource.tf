# On an OpenStack cloud. The owner of an image shares it with a project,
resource "hwcloud_image" "example" {
  name        = "debian-12"
  disk_format = "qcow2"
}

resource "hwcloud_image_share" "example" {
  image_id  = hwcloud_image.example.id
  member_id = hwcloud_image.example.owner # an administrator can try it out in one project
}

# which accepts it, by a provider block of its own.
resource "hwcloud_image_share_acceptance" "example" {
  image_id = hwcloud_image_share.example.image_id
}

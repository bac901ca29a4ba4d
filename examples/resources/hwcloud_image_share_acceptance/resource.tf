# On an OpenStack cloud: an image that another project shares with this one.
resource "hwcloud_image_share_acceptance" "example" {
  image_id = "5a0d80c0-2222-4222-8222-00000000c177"
}

data "hwcloud_image_shares" "example" {
  image_id = hwcloud_image.example.id
}

output "share_members" {
  value = data.hwcloud_image_shares.example.image_shares[*].member_id
}

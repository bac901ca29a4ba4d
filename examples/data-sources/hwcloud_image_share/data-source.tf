data "hwcloud_image_share" "example" {
  image_id  = hwcloud_image_share.example.image_id
  member_id = "0b4c1a527d9e4f638a1b2c3d4e5f6071"
}

output "share_status" {
  value = data.hwcloud_image_share.example.status
}

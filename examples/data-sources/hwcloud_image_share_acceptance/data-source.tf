data "hwcloud_image_share_acceptance" "example" {
  image_id = hwcloud_image_share_acceptance.example.image_id
}

output "answer" {
  value = data.hwcloud_image_share_acceptance.example.status
}

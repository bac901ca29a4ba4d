data "hwcloud_image_share_acceptance" "example" {
  image_id = "5a0d80c0-2222-4222-8222-00000000c177"
}

output "answer" {
  value = data.hwcloud_image_share_acceptance.example.status
}

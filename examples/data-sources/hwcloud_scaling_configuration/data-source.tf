data "hwcloud_scaling_configuration" "example" {
  name = "shop"
}

output "image" {
  value = data.hwcloud_scaling_configuration.example.image_id
}

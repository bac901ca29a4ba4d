data "hwcloud_images" "example" {
  os_type      = "Linux"
  architecture = "x86"
  visibility   = "public"
}

output "image_names" {
  value = data.hwcloud_images.example.images[*].name
}

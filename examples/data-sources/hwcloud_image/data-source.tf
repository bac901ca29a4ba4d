# The youngest public Ubuntu that servers of the flavor can use.
data "hwcloud_image" "example" {
  platform    = "Ubuntu"
  visibility  = "public"
  flavor_id   = "s6.large.2"
  most_recent = true
}

output "image_id" {
  value = data.hwcloud_image.example.id
}

# What one zone has for sale at the moment.
data "hwcloud_flavors" "example" {
  availability_zone = "cn-north-4a"
  architecture      = "x86"
}

output "flavors" {
  value = { for flavor in data.hwcloud_flavors.example.flavors : flavor.id => "${flavor.vcpus} vCPU, ${flavor.ram / 1024} GB" }
}

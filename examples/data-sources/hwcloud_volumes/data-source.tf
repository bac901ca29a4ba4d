# Volumes that nothing uses.
data "hwcloud_volumes" "example" {
  status = "available"
}

output "idle_gigabytes" {
  value = sum(concat([0], data.hwcloud_volumes.example.volumes[*].size))
}

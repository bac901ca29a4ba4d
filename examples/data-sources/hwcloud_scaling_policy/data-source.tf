data "hwcloud_scaling_policy" "example" {
  name = "monday"
}

output "launch_time" {
  value = data.hwcloud_scaling_policy.example.scheduled_policy.launch_time
}

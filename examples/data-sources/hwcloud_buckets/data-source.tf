data "hwcloud_buckets" "example" {
  tags = {
    env = "prod"
  }
}

output "bucket_names" {
  value = data.hwcloud_buckets.example.buckets[*].name
}

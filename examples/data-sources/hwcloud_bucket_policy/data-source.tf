data "hwcloud_bucket_policy" "example" {
  bucket = "web-files"
}

output "bucket_policy_statements" {
  value = jsondecode(data.hwcloud_bucket_policy.example.policy).Statement
}

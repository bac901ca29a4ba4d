terraform import hwcloud_bucket_policy.example web-files

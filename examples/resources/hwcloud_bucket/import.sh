terraform import hwcloud_bucket.example web-files

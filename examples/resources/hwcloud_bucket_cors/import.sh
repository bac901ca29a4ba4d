terraform import hwcloud_bucket_cors.example web-files

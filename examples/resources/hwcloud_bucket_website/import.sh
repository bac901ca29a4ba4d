terraform import hwcloud_bucket_website.example web-files

terraform import hwcloud_bucket_object.example web-files/docs/index.html

terraform import hwcloud_bucket_acl.example web-files

terraform import hwcloud_bucket_logging.example web-files

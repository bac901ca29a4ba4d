resource "hwcloud_bucket" "web" {
  name = "web-files"
}

resource "hwcloud_bucket_acl" "example" {
  bucket = hwcloud_bucket.web.id

  grants = [
    {
      account_id  = "5a0d80c0000000000000000000000002"
      permissions = ["READ", "WRITE"]
    },
    {
      canned                = "Everyone"
      permissions           = ["READ_ACP"]
      delivered_permissions = ["READ"]
    },
  ]
}

terraform import hwcloud_image.example 5a0d80c0-1111-4111-8111-000000002204

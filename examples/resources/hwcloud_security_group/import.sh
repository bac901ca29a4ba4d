terraform import hwcloud_security_group.example 3f1c7d52-9a4e-4b0c-8d1f-6e5a4b3c2d10

terraform import hwcloud_server_group.example 6a1d2c3b-4e5f-4a6b-8c7d-9e0f1a2b3c4d

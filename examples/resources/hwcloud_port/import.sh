terraform import hwcloud_port.example 2b9d6e14-8c3f-4d72-b5a0-1e7f9c4a6d38

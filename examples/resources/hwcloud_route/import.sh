terraform import hwcloud_route.example 7d0b5c1e-3a2f-4c86-9e14-5b6a7c8d9e0f/10.2.0.0/16

terraform import hwcloud_bandwidth_membership.example 6c1e8b42-3d5f-4a79-9e20-7b4d1c8f5a36/0d7a4c93-6b18-4f52-a3e7-9c5b2f81d604

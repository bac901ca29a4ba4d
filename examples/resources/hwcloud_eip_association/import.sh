terraform import hwcloud_eip_association.example 6c1e8b42-3d5f-4a79-9e20-7b4d1c8f5a36

terraform import hwcloud_network_interface_attachment.example 1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b/2b9d6e14-8c3f-4d72-b5a0-1e7f9c4a6d38

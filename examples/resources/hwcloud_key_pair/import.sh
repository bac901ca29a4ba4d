terraform import hwcloud_key_pair.example team-deploy

"""People, devices, vehicles and spare parts: requests and what carries them out."""

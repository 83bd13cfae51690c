"""What an operator's visits used of spare parts, reagents and gases, and what is left of those that are filed."""

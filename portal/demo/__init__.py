"""The demo company: Norrbro Group, its people and twelve products, made by calling the real actions."""

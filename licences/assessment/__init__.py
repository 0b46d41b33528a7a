"""The rules, one small module per check of a review. The entry is `licences/obligations.py`."""

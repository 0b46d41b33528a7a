"""The verbs of a review. Each locks the review first and records its event last."""

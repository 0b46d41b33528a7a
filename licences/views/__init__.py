"""The pages of the licence base. Every signed-in person may read them."""

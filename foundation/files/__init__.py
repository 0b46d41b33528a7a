"""Files kept byte for byte by their SHA-256, private: only views that check who asks serve them."""

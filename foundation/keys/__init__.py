"""The portal's own keys and its built-in certificate authority."""

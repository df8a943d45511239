"""Many specs in one run: which are meant, where each is built, and the one loop over them."""

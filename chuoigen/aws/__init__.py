"""Facts about AWS and about the images that recipes stand on, as data: each with its source and date."""

"""One verb a module: plain values in, an Outcome out. Nothing here prints."""

"""The comment of a pull request, for CI: the one part of chuoigen that speaks to a network, in a program of its own."""

"""Symbols only: assumptions, principal planes, the derivation kernel, proofs and emitters. No floats, no files."""

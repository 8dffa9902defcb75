"""Symbols only: assumptions, principal-plane algebra, the derivation kernel, proofs and emitters. No floats, no files."""

"""Trains Llama-architecture models on shards of tokens: see README.md for the formats it reads and writes."""

"""OpenAI's API: any program that uses OpenAI's client can use our skills by a model's name."""

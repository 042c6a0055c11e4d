"""Sample texts that are shipped with the program, written for it; nothing else belongs here."""

"""The program: its verbs, what it prints, and its exit codes; the only room that prints."""

"""The program: its verbs, what it prints, and its exit codes; no other room prints."""

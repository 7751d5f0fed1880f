"""How each verb's answer is told: one exposition a file."""

"""What is printed is read back, by a reader that knows no printer: nothing is written before it says what was verified.

`formulas` reads every presentation tree as a format writes it, `data` what is no formula (shapes, spaces, numbers);
`relations` asks whether what stands on both sides of a sign was checked to be so; `finished` whether the file that was
made holds these formulas and no others.
"""

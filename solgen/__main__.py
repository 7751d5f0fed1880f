"""`python -m solgen`, the same as the command `solgen`."""

from solgen.cli.app import main

if __name__ == "__main__":
    main()

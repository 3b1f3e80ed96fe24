"""`python -m sim` is `catfish`."""

from sim.cli import main

if __name__ == "__main__":
    main()

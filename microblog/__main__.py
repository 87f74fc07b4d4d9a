"""`python -m microblog`: the console command, where it is not on the path."""

from microblog.cli import main

if __name__ == "__main__":
    main()

"""Tests of pictures and files, and the samples that tests of other packages upload too."""

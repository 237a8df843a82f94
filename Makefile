# Brings Nox into .venv and calls it: every job is written once, in noxfile.py. Without make, the
# same is `python -m pip install nox`, then `python -m nox -s html`.
#
#   make html                 build the site      make test ARGS="-k names"   pass arguments on
#   make test                 lint, types, tests  make clean                  remove _build
#   make live                 reload on change    make clean ARGS=all         remove .venv too
#   make check                look through the bibliography and the people
#
# The environment keeps the Python it was made with; to change it, remove .venv first.
PYTHON ?= python3
ARGS ?=
NOX = @$(PYTHON) tools/environment.py -m nox --session

.PHONY: html test live lint check linkcheck clean lock text latex shots validate bench fuzz audit lighthouse
html live lint check linkcheck clean lock text latex shots validate bench fuzz audit lighthouse:
	$(NOX) $@ -- $(ARGS)
test:
	$(NOX) tests -- $(ARGS)

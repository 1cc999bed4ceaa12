# The course's commands. Each one does all the set-up itself; the second time it re-installs nothing.
#
#   make course   run every lesson, write build/*.html, print the results
#   make lab      open JupyterLab on the lessons
#   make test     unit tests, and every notebook compared with its stored outputs
#   make student  write build/student, the folder that students get: no solutions
#   make teacher  write build/teacher: solutions, and a plan of each class
#   make test-lowest   the tests with the lowest versions that pyproject.toml allows, on Python 3.11
#
# PYTHON       which Python to build the environment with (3.11 to 3.13)
# BUDGET       quick, classroom or full, for `make course`
# WORKERS      processes that test at a time: 3 keep two cores busy and need 7 GB of memory
# DATA         --data: `make student` also copies the data sets that were fetched
# TORCH_INDEX  an extra package index, for Linux without a GPU: see the README

PYTHON ?= python3
BUDGET ?= classroom
WORKERS ?= 3
VENV := .venv
CONSTRAINTS := constraints.txt
LOWEST := .venv-lowest
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/installed
# A notebook's cells stay on one worker, and in the order that tests/conftest.py gives.
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg
INDEX := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Notebooks run in this environment, whatever other kernels the machine has under the same name.
export JUPYTER_PREFER_ENV_PATH := 1
unexport JUPYTER_PATH
# Python compiles the course's modules once, and not again in each of the many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help course lab test test-lowest doctor lint store student teacher install clean

help:
	@sed -n 's/^#   //p' Makefile

course: $(STAMP)
	$(BIN)/python -m gan_utils course --budget $(BUDGET)

lab: $(STAMP)
	$(BIN)/python -m jupyterlab notebooks

test: $(STAMP)
	$(BIN)/python -m pytest $(NBVAL) -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# The same tests in an environment of their own. Every cell of the notebooks runs, and one that raises fails.
# Its output is not compared with the stored one: that comes from constraints.txt, and from the same seed
# other versions of the libraries draw other rows (in lessons 01 and 02, one cell each prints other numbers).
test-lowest:
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; v == (3, 11) or sys.exit('The lowest versions need Python 3.11, and this is %d.%d. Name another one: make PYTHON=python3.11 test-lowest' % v)"
	$(MAKE) test VENV=$(LOWEST) CONSTRAINTS=constraints-lowest.txt NBVAL="$(subst --nbval ,--nbval-lax ,$(NBVAL))"

doctor: $(STAMP)
	$(BIN)/python -m gan_utils doctor

lint: $(STAMP)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

store: $(STAMP)
	$(BIN)/python -m gan_utils store

student: $(STAMP)
	$(BIN)/python -m gan_utils student $(DATA)

teacher: $(STAMP)
	$(BIN)/python -m gan_utils teacher

install: $(STAMP)

# The stamp is written last: an installation that was broken off is done again.
$(STAMP): pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c "import sys; v = sys.version_info; (3, 11) <= v < (3, 14) or sys.exit('The course needs Python 3.11, 3.12 or 3.13, and this is %d.%d. Name another one: make PYTHON=python3.12' % v[:2])"
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the course's environment into $(VENV): a few minutes, once."
	$(BIN)/python -m pip install --progress-bar off --quiet $(INDEX) -c $(CONSTRAINTS) -e ".[course,cluster,words,pictures,teach,test]"
	@$(BIN)/python -c "open('$(STAMP)', 'w').close()"

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(f, ignore_errors=True) for f in ('$(VENV)', '$(LOWEST)', 'build', '.pytest_cache', '.ruff_cache')]"

"""The notebooks run, use public names only, and are saved with what they show.

``python tests/test_notebooks.py`` runs them and saves them anew.
"""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import sim

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = ["01-first-look", "02-compare-policies", "03-catfish-effect", "04-write-a-mechanism"]
MOST_LINES = 15
MOST_BYTES = 400_000
#: Libraries that a reader knows; everything else comes from the public face of the package.
KNOWN = {"matplotlib.pyplot", "numpy", "pandas"}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(path):
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def is_bar(output):
    """Tell whether an output is a progress bar: it says how long something took."""
    return "<progress" in output.get("data", {}).get("text/html", "")


def save_anew(path):
    """Run a notebook and save what it shows, without bars and times."""
    book = nbformat.read(path, 4)
    NotebookClient(book, timeout=600, kernel_name="python3", record_timing=False).execute(cwd=str(path.parent))
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_bar(output)]
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(book, path)


def test_all_are_there():
    assert [path.stem for path in NOTEBOOKS] == NAMES


@pytest.mark.slow
@each_notebook
def test_it_runs(path):
    command = [sys.executable, "-m", "pytest", "--nbmake", "-q", "-p", "no:cacheprovider", str(path)]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@each_notebook
def test_only_public_names_are_imported(path):
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom):
                assert node.module == "sim"
                assert {name.name for name in node.names} <= set(sim.__all__)
            elif isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= KNOWN


@each_notebook
def test_it_asks_one_question(path):
    told = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
    titles = [line for line in told.splitlines() if line.startswith("# ")]
    assert len(titles) == 1
    assert titles[0].endswith("?")


@each_notebook
def test_cells_are_short(path):
    assert max(len(cell.source.splitlines()) for cell in code_cells(path)) <= MOST_LINES


@each_notebook
def test_it_is_saved_as_it_was_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_saved_outputs_are_clean(path):
    outputs = [output for cell in code_cells(path) for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert not [output for output in outputs if is_bar(output)]
    text = path.read_text(encoding="utf-8")
    assert len(text) < MOST_BYTES
    assert str(Path.home()) not in text
    assert "site-packages" not in text
    assert "application/vnd.jupyter.widget" not in text


if __name__ == "__main__":
    for notebook in NOTEBOOKS:
        save_anew(notebook)

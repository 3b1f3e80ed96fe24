"""A file imports only from floors below its own, or from files of its folder, which never import in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sim"

#: Highest first; a module may import from any line below its own. Names end with "." where a folder is meant.
FLOORS = [
    "sim.__main__",
    "sim.cli",
    "sim.pages",
    "sim.kernel_list",
    "sim.command.",
    "sim.__init__",
    "sim.figures.",
    "sim.studies.",
    "sim.experiment",
    "sim.executors",
    "sim.results",
    "sim.patterns.",
    "sim.storage.",
    "sim.model",
    "sim.reporters",
    "sim.measures.",
    "sim.agents.",
    "sim.state.",
    "sim.mechanisms.",
    "sim.divergence",
    "sim.scenario",
    "sim.reading.",
    "sim.parameters",
    "sim.policy",
    "sim.county",
    "sim.levers.",
    "sim.assumptions.",
    "sim.declare",
    "sim.dates",
    "sim.limits",
    "sim.labels",
    "sim.accounts",
    "sim.vocabulary",
    "sim.draws",
    "sim.one_thread",
    "sim.compiling",
    "sim.kernels",
    "sim.threads",
    "sim.notebook",
    "sim.errors",
]


def module_name(path: Path) -> str:
    parts = ("sim", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1]) + "." if parts[-1] == "__init__" and len(parts) > 2 else ".".join(parts)


def floor(module: str) -> int:
    for index, name in enumerate(FLOORS):
        if module == name or (name.endswith(".") and (module + ".").startswith(name)):
            return index
    raise AssertionError(f"{module} has no floor: add it to the list")


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_package = (PACKAGE.parent / node.module.replace(".", "/")).is_dir()
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if is_package else {node.module}
    return {name for name in names if name.split(".")[0] == "sim"}


def targets(tree: ast.AST) -> set[str]:
    """Return the modules that a file imports, named as in the list of floors."""
    found = set()
    for name in imported(tree):
        target = name if (PACKAGE.parent / (name.replace(".", "/") + ".py")).is_file() else name.rpartition(".")[0]
        if (PACKAGE.parent / name.replace(".", "/")).is_dir():
            target = name
        if (PACKAGE.parent / target.replace(".", "/")).is_dir():
            target += "."
        found.add("sim.__init__" if target == "sim." else target)
    return found


class _WithoutTypes(ast.NodeTransformer):
    """Leave out what is imported for annotations only."""

    def visit_If(self, node: ast.If) -> ast.If | None:
        return None if getattr(node.test, "id", "") == "TYPE_CHECKING" else node


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards(path):
    me = module_name(path)
    for target in targets(ast.parse(path.read_text(encoding="utf-8"))):
        same_folder = FLOORS[floor(me)].endswith(".") and floor(target) == floor(me)
        assert same_folder or floor(target) > floor(me), f"{me} imports {target}, which is not below it"


def test_files_of_a_folder_can_be_put_in_an_order():
    graph = {}
    for path in PACKAGE.rglob("*.py"):
        tree = _WithoutTypes().visit(ast.parse(path.read_text(encoding="utf-8")))
        graph[module_name(path)] = targets(tree) - {"sim.__init__"}
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_every_floor_is_lived_on():
    used = {floor(module_name(path)) for path in PACKAGE.rglob("*.py")}
    empty = {name for index, name in enumerate(FLOORS) if index not in used}
    assert not empty


def test_only_figures_draws():
    for path in PACKAGE.rglob("*.py"):
        if floor(module_name(path)) > FLOORS.index("sim.figures."):
            names = {n.split(".")[0] for n in _all_imports(path)}
            assert "matplotlib" not in names, f"{path.name} imports matplotlib below floor 7"


def _all_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found

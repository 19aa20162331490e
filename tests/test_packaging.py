"""The wheel holds the three packages, with every data file of theirs, and nothing else."""

import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

pytestmark = pytest.mark.slow

PACKAGES = ("analyzers", "index", "searchapp")


@pytest.fixture(scope="module")
def wheel_names(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of all files in a wheel built from the working copy."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)  # a build back end works on the current folder
        name = build_wheel(str(folder))
    with zipfile.ZipFile(folder / name) as wheel:
        return frozenset(wheel.namelist())


def test_top_level_is_the_three_packages(wheel_names: frozenset[str]) -> None:
    top_level = {name.split("/")[0] for name in wheel_names}
    assert top_level == {*PACKAGES, "timbao-0.1.0.dist-info"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_in_the_wheel(
    package: str, repository: Path, wheel_names: frozenset[str]
) -> None:
    in_tree = {
        path.relative_to(repository).as_posix()
        for path in (repository / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert in_tree
    assert {name for name in wheel_names if name.startswith(f"{package}/")} == in_tree


def test_the_command_and_the_licences_are_in_the_wheel(wheel_names: frozenset[str]) -> None:
    assert "timbao-0.1.0.dist-info/entry_points.txt" in wheel_names
    assert "timbao-0.1.0.dist-info/licenses/LICENSE" in wheel_names
    assert "timbao-0.1.0.dist-info/licenses/NOTICE" in wheel_names

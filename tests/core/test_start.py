"""``python3 start.py`` on a bare copy: one command makes the environment from the hashed lock and runs the program in it.

The libraries are one small wheel beside the copy, and no index may be asked: nothing leaves the machine.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow
PROGRAM = """
import json, os, sys
import tiny
print(json.dumps({"said": tiny.SAID, "given": sys.argv[1:], "here": os.getcwd(), "python": sys.prefix}))
sys.exit(7)
"""


def wheel(folder: Path, said: str) -> Path:
    """A library of one line; gives its file."""
    name = "tiny-1.0.dist-info"
    files = {
        "tiny.py": f"SAID = {said!r}\n",
        f"{name}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{name}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(text)}")
    files[f"{name}/RECORD"] = "\n".join([*lines, f"{name}/RECORD,,"]) + "\n"
    folder.mkdir(exist_ok=True)
    file = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as packed:
        for path, text in files.items():
            packed.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
    return file


class Copy:
    """A folder that holds what a newcomer has just fetched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        shutil.copy(ROOT / "start.py", folder)
        (folder / "pix").mkdir()
        (folder / "pix" / "__init__.py").touch()
        (folder / "pix" / "__main__.py").write_text(PROGRAM)
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "uv.txt", folder / "tools")
        self.wheels = folder.parent / "wheels"
        self.lock(wheel(self.wheels, "bonjour"))

    def lock(self, file: Path) -> None:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.folder / name).write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")

    def start(
        self, *given: str, cwd: Path | None = None, python: str | Path = sys.executable
    ) -> subprocess.CompletedProcess[str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "UV_", "PIX_"))
        }
        wheels = str(self.wheels)
        path = os.pathsep.join([kept.get("PATH", ""), str(ROOT / ".tools" / "bin")])
        kept.update(
            PATH=path, PIP_NO_INDEX="1", PIP_FIND_LINKS=wheels, UV_NO_INDEX="1", UV_FIND_LINKS=wheels,
            UV_CACHE_DIR=str(self.folder / "cache"), UV_OFFLINE="1",
        )  # fmt: skip
        command = [str(python), str(self.folder / "start.py"), *given]
        return subprocess.run(
            command, cwd=cwd or self.folder, env=kept, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip


@pytest.mark.proves("T-039")
def test_one_command_installs_then_only_runs(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "avec une espace")
    first = copy.start("roll", "check", "é.xml", cwd=tmp_path)
    assert first.returncode == 7, first.stderr  # the program's own
    told = json.loads(first.stdout)
    assert told["said"] == "bonjour"
    assert told["given"] == ["roll", "check", "é.xml"]
    assert told["here"] == str(tmp_path)  # the paths that one gives are those of one's own folder
    assert Path(told["python"]) == copy.folder / ".venv"
    assert "Environnement prêt" in first.stderr

    again = copy.start()
    assert (again.returncode, json.loads(again.stdout)["given"]) == (7, ["demo"])
    assert again.stderr == ""  # nothing to prepare, nothing said

    launched = subprocess.run(
        [copy.folder / ".venv" / "bin" / "pix", "demo"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (launched.returncode, json.loads(launched.stdout)["said"]) == (7, "bonjour")

    # Started by the environment's own Python, which must not saw off its branch.
    (copy.folder / ".venv" / "prepared.json").unlink()
    inside = copy.start("demo", python=copy.folder / ".venv" / "bin" / "python")
    assert (inside.returncode, json.loads(inside.stdout)["said"]) == (7, "bonjour"), inside.stderr

    # What is downloaded is not what the lock says: nothing is run.
    (copy.folder / "requirements.txt").write_text(f"tiny==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    shutil.rmtree(copy.folder / ".venv")
    refused = copy.start("demo")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "La préparation a échoué" in refused.stderr
    assert not (copy.folder / ".venv" / "prepared.json").exists()

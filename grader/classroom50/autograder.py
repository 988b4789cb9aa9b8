"""Starts `deno task grade` for Classroom 50, in the student's checkout.

The lab is the repository that holds this file, or the folder that KVLAB names. Ends with 0
when grading ran, whatever the grade.
"""

import os
import pathlib
import shutil
import subprocess
import sys

checkout = pathlib.Path.cwd()
lab = pathlib.Path(os.environ.get("KVLAB") or pathlib.Path(__file__).resolve().parents[2])
if not (lab / "grader" / "grade.ts").is_file():
    sys.exit(f'Cannot grade: there is no lab in "{lab}"; set KVLAB to the folder that holds it')
deno = [shutil.which("deno")] if shutil.which("deno") else ["npx", "-y", "deno@2.9.6"]
command = [*deno, "task", "grade", str(checkout), f"--classroom50={checkout / 'result.json'}"]
status = subprocess.run(command, cwd=lab).returncode
sys.exit(0 if status in (0, 1) else status)

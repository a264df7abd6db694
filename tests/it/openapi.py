"""Reads an OpenAPI document with a validator that is not ours, and answers with the schemas in it:
openapi.py FOLDER. The folder holds document.json and, for each operation that was asked, its answer's objects in
OPERATION.json, a list. Prints what was found for each operation as JSON."""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

folder = Path(sys.argv[1])
document = json.loads((folder / "document.json").read_text())
validate(document)
found = {}
for path, methods in document["paths"].items():
    for method, operation in methods.items():
        name = operation["operationId"]
        found[name] = {"method": method, "path": path, "parameters": operation["parameters"]}
        answers = folder / f"{name}.json"
        if answers.exists():
            content = operation["responses"]["200"]["content"]
            (schema,) = [each["schema"] for each in content.values()]
            for answer in json.loads(answers.read_text()):
                Draft202012Validator(schema).validate(answer)
            found[name]["answers"] = len(json.loads(answers.read_text()))
json.dump(found, sys.stdout)

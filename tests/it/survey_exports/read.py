"""Opens a file of a survey's data with a reader that is not ours and prints
what it found as JSON: read.py KIND FILE."""

import csv
import io
import json
import sys
import xml.etree.ElementTree as ElementTree
import zipfile


def sav(path):
    import pyreadstat

    data, meta = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    valid, _ = pyreadstat.read_sav(path, output_format="dict")
    return {
        "rows": meta.number_rows,
        "names": meta.column_names,
        "labels": meta.column_names_to_labels,
        "values": {
            name: {str(int(float(code))): label for code, label in labels.items()}
            for name, labels in meta.variable_value_labels.items()
        },
        "missing": {
            name: [[each["lo"], each["hi"]] for each in ranges]
            for name, ranges in meta.missing_ranges.items()
        },
        "measures": meta.variable_measure,
        "formats": meta.original_variable_types,
        "sets": getattr(meta, "mr_sets", None),
        "encoding": meta.file_encoding,
        "title": meta.file_label,
        "data": {name: [said(each) for each in column] for name, column in data.items()},
        # What is left when what is declared missing counts as missing.
        "valid": {
            name: sum(1 for each in column if each is not None and each == each)
            for name, column in valid.items()
        },
    }


def said(value):
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else sorted(value)


def xlsx(path):
    import openpyxl

    with open(path, "rb") as file:
        sheet = openpyxl.load_workbook(file).active
    rows = [[said(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    return {"rows": rows, "kinds": sorted(kinds)}


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return {"rows": list(csv.reader(file))}


def triple_s(path):
    """Reads Triple-S as its standard says, sharing nothing with the writer."""
    with zipfile.ZipFile(path) as pack:
        root = ElementTree.fromstring(pack.read("study.sss"))
        record = root.find("survey/record")
        data = pack.read(record.get("href")).decode("utf-8")
    assert root.tag == "sss" and root.get("version") == "2.0", root.attrib
    rows = list(csv.reader(io.StringIO(data)))
    variables = record.findall("variable")
    idents = [each.get("ident") for each in variables]
    assert len(set(idents)) == len(idents)
    found = []
    for variable in variables:
        start = int(variable.find("position").get("start"))
        column = [row[start - 1] for row in rows]
        kind = variable.get("type")
        codes = {each.get("code"): words(each) for each in variable.iter("value")}
        if kind == "single":
            assert all(each == "" or each in codes for each in column), column
        if kind == "multiple":
            width = len(codes)
            assert all(each == "" or len(each) == width for each in column), column
        if kind == "character":
            size = int(variable.find("size").text)
            assert all(len(each) <= size for each in column)
        span = variable.find("values/range")
        if span is not None:
            low, high = float(span.get("from")), float(span.get("to"))
            for each in column:
                assert each == "" or each in codes or low <= float(each) <= high, each
        if variable.get("filter"):
            asked = variables[idents.index(variable.get("filter"))]
            assert asked.get("type") == "logical"
            place = int(asked.find("position").get("start")) - 1
            assert all(row[place] == "1" or row[start - 1] == "" for row in rows)
        found.append(
            {
                "name": variable.find("name").text,
                "label": words(variable.find("label")),
                "type": kind,
                "codes": codes,
                "data": column,
            }
        )
    return {"title": words(root.find("survey/title")), "rows": len(rows), "variables": found}


def triple_s_elsewhere(path, folder):
    """The same pack, read by a package that knows nothing of us."""
    import warnings

    from triple_s import read_datamap

    # It takes the number of a field in a CSV for a width, and warns.
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(path) as pack:
        pack.extractall(folder)
    survey = read_datamap(f"{folder}/study.sss")
    survey.load_data(f"{folder}/{survey.record.href}")
    questions = [survey.record[at] for at in range(len(survey.record))]
    return {
        "variables": {
            each.name: {
                "label": texts(each.label),
                "type": str(each.type),
                "codes": {str(one.code): texts(one.label) for one in each.response.values},
                "data": [value(one) for one in each.data],
            }
            for each in questions
        }
    }


def texts(label):
    return {each.language: each.value for each in label.variants} or label.value


def value(datum):
    if type(datum).__name__.endswith("None"):
        return None
    return sorted(datum[0]) if isinstance(datum[0], set) else datum[0]


def words(element):
    texts = element.findall("text")
    if not texts:
        return element.text or ""
    marker = "{http://www.w3.org/XML/1998/namespace}lang"
    return {each.get(marker): each.text or "" for each in texts}


def ddi(path):
    space = {"d": "ddi:codebook:2_5"}
    root = ElementTree.parse(path).getroot()
    found = {}
    for variable in root.iterfind("d:dataDscr/d:var", space):
        found[variable.get("name")] = {
            "label": variable.findtext("d:labl", "", space),
            "counts": {
                each.findtext("d:catValu", "", space): int(each.findtext("d:catStat", "", space))
                for each in variable.iterfind("d:catgry", space)
            },
            "stats": {
                each.get("type"): float(each.text)
                for each in variable.iterfind("d:sumStat", space)
            },
        }
    return {
        "title": root.findtext(".//d:titl", "", space),
        "cases": int(root.findtext(".//d:caseQnty", "", space)),
        "variables": found,
    }


def unpack(path, folder):
    with zipfile.ZipFile(path) as pack:
        pack.extractall(folder)
        return {"names": pack.namelist()}


kinds = {"sav": sav, "xlsx": xlsx, "csv": table, "triple-s": triple_s, "triple-s elsewhere": triple_s_elsewhere, "ddi": ddi, "unpack": unpack}
csv.field_size_limit(1 << 30)
json.dump(kinds[sys.argv[1]](*sys.argv[2:]), sys.stdout, default=plain)

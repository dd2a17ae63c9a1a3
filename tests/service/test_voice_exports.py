"""Lists of surveys, complaints and checks as files: what is in reach and filtered, and nothing in them runs."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from fuxiao.service.actions import checks
from fuxiao.service.models import Complaint, Sampling, Survey
from service.test_checks import found, rubric
from service.test_voice import case, complaint_of, survey
from web.conftest import NOW

__all__ = ["case", "rubric", "survey"]
pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def kept(desk, case, survey, rubric):
    """A survey, a complaint and a check, each with a remark that a spreadsheet would take for a formula."""
    Survey.objects.update(comment=FORMULA, csat=2, answered_at=NOW, sent_at=NOW)
    complaint_of(desk, case)
    Complaint.objects.update(text=FORMULA)
    checks.check(
        desk.checker,
        case,
        found(rubric, desk.people["E3"], sampling=Sampling.TARGETED, reason="x", comment=FORMULA),
        at=NOW,
    )
    return {"/surveys/": survey.number, "/complaints/": Complaint.objects.get().number, "/checks/": case.number}


def rows(client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment"), address
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_list_is_saved_as_a_file_whose_remarks_are_no_formulas(desk, kept):
    client = desk.clients["owner"]
    for address, number in kept.items():
        assert 'href="?form=xlsx" download' in client.get(address).content.decode()
        head, row = rows(client, f"{address}?form=csv")
        assert len(head) == len(row)
        assert number in row
        assert f"'{FORMULA}" in row
        sheet = load_workbook(io.BytesIO(client.get(f"{address}?form=xlsx").content)).active
        cells = [cell for line in sheet.iter_rows() for cell in line]
        assert all(cell.data_type != "f" for cell in cells), address
        assert FORMULA in {cell.value for cell in cells}


def test_a_file_has_what_the_list_is_filtered_to(desk, kept):
    client = desk.clients["owner"]
    assert len(rows(client, "/surveys/?state=low&form=csv")) == 2
    assert len(rows(client, "/surveys/?state=waiting&form=csv")) == 1
    assert len(rows(client, "/complaints/?state=valid&form=csv")) == 1


def test_a_file_has_what_its_reader_may_see(desk, kept):
    for address in kept:
        assert len(rows(desk.clients["lead"], f"{address}?form=csv")) == 2
    for address in ("/surveys/", "/checks/"):
        assert len(rows(desk.clients["other"], f"{address}?form=csv")) == 1
    assert desk.clients["engineer"].get("/complaints/?form=csv").status_code == 403

"""The demo reproduces the history of the project through the real intake."""

import io
import json
from collections import Counter

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from communities.models import District, Person
from communities.tests.factories import CommunityFactory
from households.assignments import officers_of
from households.duplicates import Why, look_alikes
from households.keying import to_key
from households.learned_names import learned
from households.list_life import State, lives_of
from households.models import Assignment, HouseNumberRecord, HouseRegistration, ListStep
from households.reconciling import counts_of_findings
from households.register_changes import Kind, waiting
from households.row_reasons import Outcome
from reports.ledger import ledger_of, what_hangs_on
from reports.models import DailyPlanEntry, KpiReport
from thonburi_registry.demo.places import communities_of_thonburi
from verification.models import Case, CommunityReview, DelegateNaming
from verification.presidents_review import summary
from verification.review_access import reviews_open_to

pytestmark = pytest.mark.django_db

# The day, houses tagged and communities complete, from the papers of the project (domain.md section 11).
HISTORY = [
    ("2557-10-31", 0, 0),
    ("2557-11-30", 0, 0),
    ("2557-12-31", 0, 0),
    ("2558-01-31", 6610, 18),
    ("6 ก.พ. 2558", 6610, 18),
    ("2558-02-28", 11725, 32),
    ("2 มี.ค. 2558", 11725, 32),
    ("2015-03-31", 15770, 44),
    ("1 เม.ย. 2558", 15770, 44),
    ("2558-04-30", 15770, 44),
]
LETTERS = ["กท ๕๕๐๒/๔๗๓", "กท ๕๕๐๒/๘", "กท ๕๕๐๒/๗๖", "กท ๕๕๐๒/๑๐๗", "กท ๕๕๐๒/๑๕๙"]


def _last_line(capsys, *command, **options):
    call_command(*command, **options)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_44_communities_add_up_to_the_three_rounds():
    houses = dict.fromkeys((3, 4, 5), 0)
    for community in communities_of_thonburi():
        houses[community.round_no] += community.houses
    assert houses == {3: 6610, 4: 5115, 5: 4045}
    assert len(communities_of_thonburi()) == 44


def test_the_demo_is_the_history_and_a_district_at_work(capsys):
    assert _last_line(capsys, "load_demo")["loaded"] is True

    told = [_last_line(capsys, "figures", as_at=day) for day, _houses, _complete in HISTORY]
    assert [(each["houses_tagged"], each["communities_complete"]) for each in told] == [
        (houses, complete) for _day, houses, complete in HISTORY
    ]
    assert {each["communities_total"] for each in told} == {44}
    assert all(each["tagged"] == each["expected"] for each in told[-1]["communities"])
    assert sum(each["tagged_by_officers"] for each in told[-1]["communities"]) > 300

    assert [each["houses_keyed"] for each in told] == [each["houses_tagged"] for each in told]

    reports = list(KpiReport.objects.filter(district__code="1015").order_by("round_no"))
    assert [report.letter_no for report in reports] == LETTERS
    assert [_cumulative_total(report) for report in reports] == [0, 0, 6610, 11725, 15770]

    steps = ledger_of(District.objects.get(code="1015")).steps
    assert [one.step.number for one in steps] == list(range(1, 21))
    assert steps[14].step.happened_on < steps[13].step.happened_on
    papers = [paper for one in steps for paper in one.papers]
    assert [paper.dated.isoformat() for paper in papers if paper.number_key == "กท5502/473"] == [
        "2014-12-03",
        "2015-01-16",
    ]
    assert [paper.urgency for paper in papers if paper.number == "กท ๐๓๐๓/๐๕๗"] == ["very_urgent"]
    assert sum(bool(paper.number) for paper in papers) == 18
    assert {tie.report.round_no for paper in papers for tie in what_hangs_on(paper) if tie.report} == {1, 2, 3, 4, 5}

    entries = DailyPlanEntry.objects.filter(district__code="1015", state="submitted").order_by("month")
    assert [
        (one.cumulative <= total, one.reported_on.day <= 25)
        for one, total in zip(entries, [0, 0, 6610, 11725, 15770], strict=True)
    ] == [(True, True)] * 5
    assert [one.target for one in entries] == [30, 30, 60, 60, 60]

    at_work = HouseNumberRecord.objects.filter(house_list__district__code="1099")
    assert at_work.filter(outcome=Outcome.CLAIMED).count() >= 3
    assert {"likely", "several", "none"} <= set(at_work.filter(outcome=Outcome.OPEN).values_list("grade", flat=True))
    assert not HouseNumberRecord.objects.filter(house_list__district__code="1015").undecided().exists()

    lives = {code: Counter(life.state for life in _lives(code)) for code in ("1015", "1099")}
    assert lives["1015"] == {State.DONE: 44}
    assert lives["1099"] == {State.DONE: 1, State.RECEIVED: 3, State.SENT_BACK: 1, State.ASKED_FOR: 1}
    assert [life.days_late(timezone.localdate()) > 0 for life in _lives("1099") if life.is_missing].count(True) == 1
    assert ListStep.objects.filter(district__code="1015", happened_on="2015-01-15", kind="asked_for").count() == 44

    second = District.objects.get(code="1099")
    findings = {finding.value: number for finding, number in counts_of_findings(second).items()}
    assert (findings["differ"], findings["untagged"]) == (2, 3)
    assert findings["agree"] > 60
    assert to_key(second).count() == findings["missing"] - 3
    would_match = {one.name.written: one.scopes[0].would_match for one in learned(second).proposals}
    assert would_match.keys() == {"ริมคลิง", "เลียบคลอง"}
    assert would_match["เลียบคลอง"] > 0
    assert {Why.SAME_ADDRESS, Why.LETTER_OR_RANGE, Why.LANE_MISSPELT} <= look_alikes(second).counts.keys()

    assert {change.kind for change in waiting(second)} >= set(Kind) - {Kind.RETURNED}

    today = timezone.localdate()
    shared_out = Counter(person.username for person in officers_of(District.objects.get(code="1015"), today).values())
    assert shared_out == {"officer": 22, "officerb": 22}
    assert Counter(person.username for person in officers_of(second, today).values()) == {
        "officer99": 4,
        "officer99b": 1,
    }
    assert Assignment.objects.on(today).filter(stands_in_for__username="officer99b").count() == 1

    reviews = CommunityReview.objects.filter(round__district=second).order_by("place")
    assert [review.state for review in reviews] == ["open", "signed", "open"]
    assert [(said.undecided > 0, said.doubtful, said.added) for said in map(summary, reviews)] == [
        (True, 4, 1),
        (False, 4, 1),
        (True, 0, 0),
    ]
    for username in ("president", "president99", "president99b", "president99c"):
        assert reviews_open_to(Person.objects.get(username=username)).count() == 1
    assert DelegateNaming.objects.filter(decided_at=None).count() == 1

    states = Counter(Case.objects.filter(district=second).values_list("state", flat=True))
    assert states["received"] >= 13  # twelve houses of the fire among them
    stages = {"struck_off", "proposed", "confirmed", "stands", "visit_planned", "corrected", "under_review"}
    assert {state: states[state] for state in stages} == dict.fromkeys(stages, 1)
    assert Case.objects.filter(district=second, source="citizen").exclude(receipt=None).count() == 1

    before = HouseRegistration.objects.count()
    assert _last_line(capsys, "load_demo") == {"loaded": False, "houses": before}
    assert not Person.objects.filter(is_superuser=True).exists()


def _lives(code):
    return lives_of(District.objects.get(code=code)).values()


def _cumulative_total(report):
    """The total of the workbook's summary as stored in the frozen file."""
    sheet = openpyxl.load_workbook(io.BytesIO(report.workbook), data_only=True)["สรุป"]
    heading = next(row for row in sheet.iter_rows() if any(cell.value == "สะสม" for cell in row))
    column = next(cell.column for cell in heading if cell.value == "สะสม")
    values = [
        cell.value
        for (cell,) in sheet.iter_rows(min_row=heading[0].row + 1, min_col=column, max_col=column)
        if isinstance(cell.value, int)
    ]
    assert values[-1] == sum(values[:-1])
    return values[-1]


def test_the_demo_is_not_loaded_over_other_data(capsys):
    CommunityFactory.create()
    with pytest.raises(CommandError):
        call_command("load_demo")

"""The stair between the floors only goes down: in foreign keys, in imports, in what pure modules know."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

FLOORS = ["communities", "households", "verification", "reports"]
PROJECT = Path(__file__).resolve().parents[2]


def _foreign_keys_across_floors():
    for model in apps.get_models():
        if model._meta.app_label not in FLOORS:
            continue
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model._meta.app_label in FLOORS:
                yield model, field


@pytest.mark.parametrize("floor", FLOORS)
def test_no_foreign_key_points_to_an_upper_floor(floor):
    upward = [
        f"{model._meta.label}.{field.name}"
        for model, field in _foreign_keys_across_floors()
        if model._meta.app_label == floor and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(floor)
    ]
    assert upward == []


def test_a_foreign_key_across_floors_leaves_no_name_below():
    named = [
        f"{model._meta.label}.{field.name}"
        for model, field in _foreign_keys_across_floors()
        if field.related_model._meta.app_label != model._meta.app_label and not field.remote_field.hidden
    ]
    assert named == []


def test_the_guard_looks_at_foreign_keys_that_exist():
    assert len(list(_foreign_keys_across_floors())) > 10


def test_imports_keep_the_layers_and_pure_modules_stay_pure():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint_imports], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout[-3000:]


def test_migrations_say_what_the_models_say(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

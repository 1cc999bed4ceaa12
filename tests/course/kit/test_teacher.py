"""The folder of a teacher: solved lessons, and plans whose minutes add up."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell

from gan_utils.__main__ import main
from gan_utils.course import notebooks
from gan_utils.course.kit import write_teacher_folder
from gan_utils.course.kit.contents import needs, stated_times, take_apart
from gan_utils.course.kit.notes import FOLDER, read_teaching_notes
from gan_utils.course.kit.timetable import CLASS, OPENING, SLACK, Section, sections_of, timetable
from gan_utils.course.notebooks import CHECK, CourseError, tags
from gan_utils.course.runner import expected_seconds


def test_the_command_writes_solutions_and_plan(checkout, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    assert main(["teacher"]) == 0
    folder = checkout / "build" / "teacher"
    assert "build/teacher/index.html" in capsys.readouterr().out
    solved = notebooks.read(folder / "notebooks" / "01_a.ipynb")
    (answer,) = (cell for cell in solved.cells if "exercise" in tags(cell))
    assert "the secret" in answer.source
    assert answer.outputs[0].text == "42"
    assert [cell.outputs for cell in solved.cells if CHECK in tags(cell)] == [[]]
    assert solved.cells[2].outputs[0].text == "6\n"
    index = (folder / "index.html").read_text()
    for name in ("plan/01.html", "notebooks/01_a.ipynb"):
        assert f'href="{name}"' in index
        assert (folder / name).is_file()


def test_a_plan_tells_times_exercises_and_mistakes(checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    assert main(["teacher"]) == 0
    plan = unescape((checkout / "build" / "teacher" / "plan" / "01.html").read_text())
    for part in (
        *("0:00-0:01", OPENING, "0:03-0:12", "2. Work", "exercise 01.1", "2.0 min of computing"),
        *("0:16-1:30", SLACK, 'check("01.1", answer=answer)', "answer = 6 * 7  # the secret"),
        *("The mean of <code>nothing</code>", "They take the mean", "Ask:", "There is none."),
        *("If time is short", "Leave out section 2."),
    ):
        assert part in plan, part
    assert "http" not in plan.replace("https://www.w3.org", "")


def with_task(checkout, task: str) -> None:
    """Write a task above the exercise of the tiny lesson, and what it needs into its opening."""
    path = checkout / "notebooks" / "01_a.ipynb"
    book = notebooks.read(path)
    about = "**You need** lesson 00. **Time:** about 90 minutes, including one minute of computing."
    opening = book.cells[0]
    opening.source = opening.source.replace("## 1.", f"{about}\n\n## 1.")
    book.cells.insert(5, new_markdown_cell(task))
    notebooks.write(book, path)


def test_a_plan_prints_the_task_with_its_formula(checkout, monkeypatch):
    with_task(checkout, "**Exercise 01.1 (open).** Return $x^2$ of `x`.")
    notes = checkout / FOLDER / "01.md"
    notes.write_text(notes.read_text().replace("There is none.", "It is $\\frac{0}{0}$."))
    monkeypatch.chdir(checkout)
    assert main(["teacher"]) == 0
    plan = (checkout / "build" / "teacher" / "plan" / "01.html").read_text()
    task, solution = (plan.index(part) for part in ("of <code>x</code>", "# the secret"))
    assert task < solution
    assert plan.count("<math") == 2
    assert "frac{" not in plan and "$x" not in plan
    assert "exercise 01.1</b> (open: homework, or 20 minutes)" in plan


def test_the_overview_says_who_gets_what_and_how_long_it_takes(checkout, monkeypatch):
    with_task(checkout, "**Exercise 01.1.** Return.")
    monkeypatch.chdir(checkout)
    assert main(["teacher"]) == 0
    index = (checkout / "build" / "teacher" / "index.html").read_text()
    for part in ("For students:", "For the teacher only:", "?print-pdf", "full screen"):
        assert part in index, part
    row = '<td>Lesson 01: a tiny one</td><td class="n">90</td><td>one minute</td>'
    assert f"{row}<td>lesson 00.</td>" in index


def test_every_lesson_states_its_time_and_what_it_needs(root):
    for path in notebooks.find_notebooks(root):
        lesson = take_apart(path)
        minutes, computing = stated_times(lesson)
        assert int(minutes) <= CLASS
        assert computing.split()[-1] in ("minute", "minutes")
        assert needs(lesson).endswith(".")


def test_open_exercises_are_marked_and_count_as_the_others(root):
    (path,) = notebooks.find_notebooks(root, ["03"])
    sections = sections_of(notebooks.read(path))
    assert [n for section in sections for n in section.open_exercises] == ["03.4"]
    assert sum(section.minutes for section in sections) < CLASS


def test_a_lesson_is_taken_apart(lesson):
    opening, game, work, quiz = sections_of(lesson, computing=2.0)
    assert (opening.title, opening.words, opening.code_cells) == (OPENING, 93, 0)
    assert (game.title, game.code_cells, game.computing) == ("1. The game", 2, 0)
    assert (work.title, work.exercises) == ("2. Work <span>hidden</span>", ["01.1"])
    assert (work.code_cells, work.computing) == (1, 2.0)
    assert work.minutes == pytest.approx(work.words / 180 + 1 + 6 + 2)
    assert (quiz.quizzes, quiz.code_cells) == (1, 0)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=20))
def test_the_minutes_of_a_timetable_add_up(minutes):
    slots = timetable([Section("one", computing=m) for m in minutes])
    assert slots[0].start == 0
    assert [slot.end for slot in slots[:-1]] == [slot.start for slot in slots[1:]]
    assert sum(slot.end - slot.start for slot in slots) == max(CLASS, round(sum(minutes)))
    assert [slot.title for slot in slots[:-1]].count(SLACK) == 0
    assert (slots[-1].title == SLACK) == (round(sum(minutes)) < CLASS)
    for slot, planned in zip(slots, minutes, strict=False):
        assert abs(slot.end - slot.start - planned) <= 1


def test_every_lesson_of_the_course_fits_into_a_class(root):
    for path in notebooks.find_notebooks(root):
        sections = sections_of(notebooks.read(path), expected_seconds(path, "classroom") / 60)
        slots = timetable(sections)
        assert (slots[-1].title, slots[-1].end) == (SLACK, CLASS), path.stem
        assert sum(section.computing for section in sections) > 0
        asked = [number for section in sections for number in section.exercises]
        assert asked == [f"{path.name[:2]}.{place}" for place in range(1, len(asked) + 1)]
        assert len(asked) >= 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# Lesson 01", "# Lesson 02", "does not begin with '# Lesson 01"),
        ("**A good answer.** There is none.", "", r"\*\*A good answer.\*\* is missing"),
        ("**What they do.**", "They", r"\*\*What they do.\*\* is missing"),
        ("There is none.", "", "a text in one of its parts is missing"),
        ("## Mistake: the", "## The", "is neither a mistake"),
        ("Leave out section 2.", "", "If time is short"),
        ("## If time is short", "", "If time is short"),
    ],
)
def test_notes_of_another_form_are_refused(checkout, old, new, said):
    page = checkout / FOLDER / "01.md"
    page.write_text(page.read_text().replace(old, new))
    with pytest.raises(CourseError, match=said):
        read_teaching_notes(checkout, "01")


def test_a_lesson_without_notes_is_named(checkout, monkeypatch, capsys):
    (checkout / FOLDER / "01.md").unlink()
    monkeypatch.chdir(checkout)
    assert main(["teacher"]) == 2
    assert (
        "lesson 01 has no notes for teachers: write docs/teaching/01.md" in capsys.readouterr().err
    )
    assert not list((checkout / "build").glob("*"))


def test_notes_of_a_windows_editor_are_read(checkout):
    page = checkout / FOLDER / "01.md"
    page.write_text(page.read_text(), encoding="utf-8-sig")
    assert read_teaching_notes(checkout, "01").mistakes
    page.write_bytes(page.read_bytes() + "ä".encode("latin-1"))
    with pytest.raises(CourseError, match=r"01.md is not encoded as UTF-8: save it again"):
        read_teaching_notes(checkout, "01")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01_a-Copy1", "two lessons have one number: 01_a-Copy1.ipynb and 01_a.ipynb"),
        ("Untitled", "notebooks/Untitled.ipynb is no lesson"),
        ("15_mine", "lesson 15 has no notes for teachers: write docs/teaching/15.md"),
    ],
)
def test_a_notebook_that_is_no_lesson_of_its_own_is_named(checkout, lesson, name, said):
    """Before any slides are made, which takes the longest."""
    notebooks.write(lesson, checkout / "notebooks" / f"{name}.ipynb")
    with pytest.raises(CourseError) as fault:
        write_teacher_folder(checkout, checkout / "build" / "teacher")
    assert said in str(fault.value)


@pytest.mark.parametrize(
    "check", ["# none", '%time check("01.1", answer)', "check(number, answer)"]
)
def test_a_check_of_another_form_is_named(checkout, lesson, check):
    lesson.cells[6].source = check
    notebooks.write(lesson, checkout / "notebooks" / "01_a.ipynb")
    with pytest.raises(CourseError, match=r"01_a.ipynb, lesson plan: the check '.*' has not"):
        write_teacher_folder(checkout, checkout / "build" / "teacher")


def test_a_check_may_be_handed_a_call(checkout, lesson):
    lesson.cells[6].source = 'check("01.1", answer=len(answer))'
    notebooks.write(lesson, checkout / "notebooks" / "01_a.ipynb")
    write_teacher_folder(checkout, checkout / "build" / "teacher")
    plan = (checkout / "build" / "teacher" / "plan" / "01.html").read_text()
    assert "Exercise 01.1: <code>len(answer)</code>" in plan


def test_an_exercise_that_is_not_complete_is_named(checkout, lesson):
    lesson.cells[7].metadata.tags = []
    notebooks.write(lesson, checkout / "notebooks" / "01_a.ipynb")
    with pytest.raises(CourseError, match=r"01_a.ipynb: the exercise that ends in cell 7"):
        write_teacher_folder(checkout, checkout / "build" / "teacher")


def test_the_notes_of_the_course_can_be_read(root):
    if not (root / FOLDER).is_dir():
        pytest.skip("no notes yet")
    for path in notebooks.find_notebooks(root):
        assert read_teaching_notes(root, path.name[:2]).mistakes

"""Every form of the catalogue: pages, valid answers, missing answers, words."""

from itertools import product
from operator import attrgetter

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prestations.enums import FieldType
from prestations.forms.answers import nest
from prestations.forms.conditions import is_visible, visible_questions
from prestations.forms.definition import REQUESTER
from prestations.forms.eligibility import conditions_of
from prestations.forms.validators import range_of
from prestations.translation import overlay
from tests.factories.answers import attachments_for, valid_answers
from tests.prestations.forms.support import catalogue, codes, questionnaire

pytestmark = pytest.mark.django_db  # addresses are matched with the street register

CHANNELS = ("web", "guichet", "telephone", "courrier", "email")
each_form = pytest.mark.parametrize("code", codes())


@each_form
def test_pages_hold_at_most_six_questions_and_every_question_once(code):
    form = questionnaire(code)
    pages = [step.questions for step in form.steps()]
    assert all(len(page) <= 6 for page in pages)
    shown = [question.key for page in pages for question in page]
    asked = [q.key for q in form.definition.everything if q.scope != "documents"]
    assert len(shown) == len(set(shown))
    assert set(asked) <= set(shown)


@each_form
def test_every_page_has_its_subject_from_the_data(code):
    form = questionnaire(code)
    for step in form.steps():
        if step.kind in ("questions", "requester"):
            assert step.questions[0].page == step.base_title
            assert not any(question.page for question in step.questions[1:])


@each_form
def test_a_question_answered_before_the_form_never_has_a_page_of_its_own(code):
    """Where it is not asked again, something else is to be answered there (bar 10)."""
    form = questionnaire(code)
    for condition in filter(attrgetter("fills"), conditions_of(form.form_version)):
        for value in dict(condition.choices).keys() - condition.stops.keys():
            answers = {f"reponses.{condition.fills}": value}
            for step in form.steps(nest(answers)):
                shown = visible_questions(step.questions, answers, form.definition.by_key)
                assert {one.key for one in shown} - answers.keys()


@each_form
def test_dependent_question_is_on_its_parents_page_after_it(code):
    form = questionnaire(code)
    for step in form.steps():
        keys = [question.key for question in step.questions]
        for question in step.questions:
            if question.condition and not question.is_upload:
                assert keys.index(question.condition.key) < keys.index(question.key)


@each_form
def test_pages_have_distinct_titles_and_contact_comes_last(code):
    steps = questionnaire(code).steps()
    titles = [step.title for step in steps]
    assert len(titles) == len(set(titles))
    assert steps[-1].kind == "requester"


@each_form
def test_valid_answers_pass_and_come_back_unchanged(code):
    """By every channel, with and without what is optional."""
    for channel, optional in product(CHANNELS, (True, False)):
        form = questionnaire(code, channel)
        answers, files = valid_answers(form.form_version, channel, optional=optional)
        kept, errors = form.clean_all(answers, attachments_for(form, files))
        assert errors == {}, (channel, optional)
        again = form.clean_all(kept, attachments_for(form, files))
        assert again == (kept, {}), (channel, optional)


@each_form
def test_each_missing_mandatory_answer_is_told_where_it_is(code):
    form = questionnaire(code)
    answers, files = valid_answers(form.form_version, "web")
    for scope, values in answers.items():
        for name in values:
            question = form.definition.by_key[f"{scope}.{name}"]
            if not question.required_by("web"):
                continue
            others = {**answers, scope: {k: v for k, v in values.items() if k != name}}
            _kept, errors = form.clean_all(others, attachments_for(form, files))
            step = next(s for s in form.steps(others) if question in s.questions)
            assert question.key in {error.key for error in errors[step.number]}


@each_form
def test_each_missing_mandatory_document_is_told(code):
    form = questionnaire(code)
    answers, files = valid_answers(form.form_version, "web")
    for key in files:
        if not form.definition.by_key[key].required_by("web"):
            continue
        others = {one: file for one, file in files.items() if one != key}
        _kept, errors = form.clean_all(answers, attachments_for(form, others))
        assert {error.key for wrong in errors.values() for error in wrong} == {key}


@each_form
def test_whole_form_on_one_page_renders_and_accepts(code):
    form = questionnaire(code, "guichet")
    answers, _files = valid_answers(form.form_version, "guichet")
    from prestations.forms.answers import flatten, to_data

    page = form.single_form(to_data(form.definition.everything, flatten(answers)))
    assert page.is_valid(), page.errors
    assert page.answers() == answers
    html = render_crispy_form(page)
    for question in form.definition.everything:
        assert f'name="{question.key}' in html


@each_form
def test_summary_says_every_visible_question(code):
    form = questionnaire(code)
    answers, files = valid_answers(form.form_version, "web")
    rows = [row for s in form.summary(answers, attachments_for(form, files)) for row in s.rows]
    assert {f"{scope}.{name}" for scope in answers for name in answers[scope]} <= {
        row.key for row in rows
    }
    assert all(row.shown for row in rows)


@each_form
def test_labels_are_english_in_english(code):
    form = questionnaire(code)
    english = overlay()
    with override("en"):
        for step in form.steps():
            assert step.title != step.base_title
            for question in step.questions:
                if question.label != "Où ?":
                    assert question.label.strip() in english
                assert all(label.strip() in english for _value, label in question.choices)


def test_civility_is_never_asked():
    names = {
        one["name"]
        for definition in catalogue().values()
        for one in [*definition["fields"], *definition["requester_block"]["fields"]]
    }
    assert not {name for name in names if "civilite" in name or name in ("sexe", "genre")}


# --- any answers at all ------------------------------------------------------------------------

SIGNS = {"exclude_categories": ["Cc", "Cf", "Cs", "Z"]}
TEXTS = st.text(st.characters(**SIGNS), min_size=1, max_size=80)
# nothing that could be an address: refused in the name of a person
NAMES = st.text(st.characters(**SIGNS, exclude_characters="@.:"), min_size=1, max_size=80)


def draw_value(draw, question):
    match question.kind:
        case FieldType.SELECT:
            return draw(st.sampled_from([value for value, _label in question.choices]))
        case FieldType.SELECTBOXES:
            values = [value for value, _label in question.choices]
            most = question.most_answers or len(values)
            least = question.least_answers or 1
            given = draw(st.sets(st.sampled_from(values), min_size=least, max_size=most))
            return sorted(given, key=values.index)
        case FieldType.CHECKBOX:
            return True if question.required else draw(st.booleans())
        case FieldType.INTEGER:
            return draw(st.integers(*range_of(question.name, question.help)))
        case FieldType.TEXT if question.name not in ("siret", "rna"):
            return draw(NAMES if question.scope == REQUESTER else TEXTS)
    return None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_generated_valid_answers_pass_and_any_missing_one_fails(data):
    code = data.draw(st.sampled_from(codes()))
    channel = data.draw(st.sampled_from(CHANNELS))
    form = questionnaire(code, channel)
    answers, files = valid_answers(
        form.form_version,
        channel,
        optional=data.draw(st.booleans()),
        pick=lambda question: draw_value(data.draw, question),
    )
    joined = attachments_for(form, files)
    kept, errors = form.clean_all(answers, joined)
    assert errors == {}
    known = form.definition.by_key
    flat = {f"{scope}.{name}": value for scope in kept for name, value in kept[scope].items()}
    assert all(is_visible(known[key], flat, known) for key in flat)
    mandatory = [key for key in flat if known[key].required_by(channel)]
    if mandatory:
        missing = data.draw(st.sampled_from(mandatory))
        scope, name = missing.split(".", 1)
        others = {**kept, scope: {k: v for k, v in kept[scope].items() if k != name}}
        _kept, errors = form.clean_all(others, joined)
        assert missing in {error.key for wrong in errors.values() for error in wrong}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_posted_text_breaks_a_form(data):
    form = questionnaire(data.draw(st.sampled_from(codes())))
    posted = {
        question.key: data.draw(st.text(max_size=60)) for question in form.definition.everything
    }
    page = form.single_form(posted)
    page.is_valid()
    kept, _errors = form.clean_all(page.answers())
    assert str(kept).isprintable() or "\\n" in repr(kept)

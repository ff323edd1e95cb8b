import pytest
from django import forms
from django.template import Context, Template

from massy_grc.common.choices import show_when
from massy_grc.common.fields import describe_field, worded_errors

KINDS = [("a", "Copie"), ("b", "Extrait")]


class AskForm(forms.Form):
    nom = forms.CharField(
        label="Nom",
        help_text="Comme sur la carte.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    courriel = forms.EmailField(label="Adresse", required=False)
    acte = forms.ChoiceField(label="Quel acte ?", choices=[("", "---"), *KINDS])
    quartier = forms.ChoiceField(label="Quartier", choices=[(str(n), str(n)) for n in range(9)])
    precision = forms.CharField(label="Précision", required=False)
    accord = forms.BooleanField(label="J’accepte", help_text="Pour cette demande.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_when(self.fields["precision"], "acte", "equals", "b")


def _rendered(form, name):
    source = "{% load ui %}{% form_field field=field %}"
    return Template(source).render(Context({"field": form[name]}))


def test_optional_is_written_and_required_is_not_marked():
    assert "(facultatif)" in _rendered(AskForm(), "courriel")
    required = _rendered(AskForm(), "nom")
    assert "(facultatif)" not in required
    assert "*" not in required


def test_help_then_error_then_control():
    html = _rendered(AskForm(data={}), "nom")
    assert html.index("Comme sur la carte") < html.index("Renseignez") < html.index("<input")


def test_a_checkbox_has_its_help_below_its_label_and_is_described_by_it():
    html = _rendered(AskForm(), "accord")
    assert html.index("<input") < html.index("</label>") < html.index("Pour cette demande")
    assert 'aria-describedby="id_accord_helptext"' in html


def test_control_is_described_by_help_and_error():
    html = _rendered(AskForm(data={}), "nom")
    assert 'aria-describedby="id_nom_helptext id_nom_error"' in html
    assert 'id="id_nom_helptext"' in html
    assert 'id="id_nom_error"' in html
    assert 'aria-invalid="true"' in html


def test_autocomplete_is_kept():
    assert 'autocomplete="family-name"' in _rendered(AskForm(), "nom")


def test_a_short_select_becomes_radio_buttons_in_a_fieldset():
    html = _rendered(AskForm(), "acte")
    assert html.count('type="radio"') == 2
    assert "<legend" in html
    assert "<select" not in html


def test_a_long_select_stays():
    assert "<select" in _rendered(AskForm(), "quartier")


def test_a_form_may_keep_its_selects():
    form = AskForm()
    form.keep_selects = True
    assert "<select" in _rendered(form, "acte")


def test_a_chosen_radio_is_checked_after_an_error():
    assert 'value="b"' in _rendered(AskForm(data={"acte": "b"}), "acte").split("checked")[0]


def test_summary_leads_to_the_first_radio_button():
    assert describe_field(AskForm(data={})["acte"]).target_id == "id_acte_0"


def test_a_condition_moves_to_the_wrapper():
    html = _rendered(AskForm(), "precision")
    wrapper, control = html.split("<label")
    assert "data-visible-if" in wrapper
    assert "equals" in wrapper
    assert "data-visible-if" not in control


def test_a_condition_survives_a_second_rendering():
    form = AskForm()
    assert _rendered(form, "precision") == _rendered(form, "precision")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6", "«\u00a0Exemplaires\u00a0» ne peut pas dépasser 5."),
        ("0", "«\u00a0Exemplaires\u00a0» ne peut pas être inférieur à 1."),
    ],
)
def test_a_number_out_of_its_range_names_the_field(typed, words):
    class HowMany(forms.Form):
        number = forms.IntegerField(label="Exemplaires", min_value=1, max_value=5)

    assert worded_errors(HowMany(data={"number": typed})["number"]) == [words]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nom", "Renseignez «\u00a0Nom\u00a0»"),
        ("acte", "Choisissez une réponse à «\u00a0Quel acte\u00a0?\u00a0»"),
        ("accord", "Cochez la case «\u00a0J’accepte\u00a0»"),
    ],
)
def test_required_names_the_field(name, words):
    assert worded_errors(AskForm(data={})[name]) == [words]


def test_a_form_s_own_words_are_kept():
    class OwnWords(forms.Form):
        nom = forms.CharField(label="Nom", error_messages={"required": "Écrivez votre nom"})

    assert worded_errors(OwnWords(data={})["nom"]) == ["Écrivez votre nom"]


def test_summary_and_field_say_the_same():
    form = AskForm(data={"courriel": "pas une adresse"})
    summary = Template("{% load ui %}{% error_summary form=form %}").render(Context({"form": form}))
    for name in form.errors:
        for text in worded_errors(form[name]):
            assert text in summary
            assert text in _rendered(form, name)
    assert 'href="#id_courriel"' in summary


@pytest.mark.parametrize(
    ("label", "entry"),
    [
        ("Nom", "Nom\u00a0: Trop long."),
        ("Votre nom\u00a0?", "Votre nom\u00a0? Trop long."),
        ("Ce mot", "Ce mot est trop long."),
    ],
)
def test_the_summary_names_the_field_once(label, entry):
    class Named(forms.Form):
        nom = forms.CharField(label=label)

        def clean_nom(self):
            raise forms.ValidationError(entry if label == "Ce mot" else "Trop long.")

    template = Template("{% load ui %}{% error_summary form=form %}")
    html = template.render(Context({"form": Named(data={"nom": "Zoé"})}))
    assert f'<a href="#id_nom">{entry}</a>' in html


def test_summary_is_absent_without_errors():
    template = Template("{% load ui %}{% error_summary form=form %}")
    assert template.render(Context({"form": AskForm()})).strip() == ""


@pytest.mark.parametrize("source", ["{{ form|crispy }}", "{{ form.nom.as_field_group }}"])
def test_crispy_and_django_draw_the_same_field(source):
    html = Template("{% load crispy_forms_filters %}" + source).render(
        Context({"form": AskForm(data={})})
    )
    assert "".join(_rendered(AskForm(data={}), "nom").split()) in "".join(html.split())

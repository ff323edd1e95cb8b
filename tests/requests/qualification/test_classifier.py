"""The classifier by itself: what it finds, how it explains it, what it keeps."""

from collections import Counter

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from requests.qualification import embedding, features
from requests.qualification.classifier import Classifier
from requests.qualification.examples import written_examples
from requests.qualification.features import prepared
from tests.bench.qualification import UNSEEN
from tests.requests.qualification.conftest import DUMP, HEALTH, LINES, POTHOLE, learnt


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Bonjour, ya un gros trou ds la rue", POTHOLE),
        ("je dois prouver que je suis en vie, pour la retraite", HEALTH),
        ("vieux frigo jetté sur le trotoir", DUMP),
    ],
)
def test_a_strangers_words_find_what_is_meant(few, text, label):
    (guesses,) = few.guesses([text])
    assert guesses[0].label == label


def test_the_words_that_decided_stand_in_the_text_as_they_were_written(few):
    (guesses,) = few.guesses(["Bonjour, un énorme TROU dans la chaussée, merci"])
    assert "TROU" in guesses[0].words
    assert "Bonjour" not in guesses[0].words


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_scores_that_add_up_and_words_of_its_own(few, text):
    (guesses,) = few.guesses([text])
    assert [guess.score for guess in guesses] == sorted(
        (guess.score for guess in guesses), reverse=True
    )
    assert sum(guess.score for guess in guesses) == pytest.approx(1, abs=1e-3)  # three labels
    for guess in guesses:
        assert all(word in text for word in guess.words)


def test_it_comes_back_from_its_bytes_and_guesses_alike(few):
    texts = [text for lines in LINES.values() for text in lines]
    again = Classifier.loads(few.dumps())
    for one, other in zip(few.guesses(texts), again.guesses(texts), strict=True):
        assert [guess.label for guess in one] == [guess.label for guess in other]
        assert [guess.words for guess in one] == [guess.words for guess in other]
        assert one[0].score == pytest.approx(other[0].score, abs=0.01)


def test_the_same_examples_give_the_same_classifier(few):
    texts = [text for lines in LINES.values() for text in lines]
    again = learnt(texts, [code for code, lines in LINES.items() for _ in lines])
    assert again.dumps() == few.dumps()


def test_two_labels_are_enough():
    both = learnt(["un trou", "un frigo"], ["a", "b"])
    assert [both.guesses([text])[0][0].label for text in ("un trou", "un frigo")] == ["a", "b"]


def test_without_the_sentence_model_it_goes_by_words_and_letters(monkeypatch):
    monkeypatch.setattr(features, "embed", lambda texts: np.zeros((len(texts), 0)))
    texts = [text for lines in LINES.values() for text in lines]
    lexical = learnt(texts, [code for code, lines in LINES.items() for _ in lines])
    assert lexical.meaning == 0
    assert lexical.guesses(["un trou dans la rue"])[0][0].label == POTHOLE


def test_a_classifier_of_another_sentence_model_says_so(few, monkeypatch):
    monkeypatch.setattr(features, "embed", lambda texts: np.zeros((len(texts), 0)))
    if few.meaning:
        with pytest.raises(ValueError, match="train again"):
            few.guesses(["un trou"])


def test_the_seam_gives_vectors_of_length_one_or_none_at_all():
    vectors = embedding.embed(["un trou", "une pièce d’identité"])
    assert vectors.shape in ((2, 384), (2, 0))
    if vectors.shape[1]:
        assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=0.02)
    assert embedding.embed([]).shape[0] == 0


def test_the_written_messages_cover_every_prestation_and_the_unseen_ones_stay_unseen():
    written = Counter(one.prestation for one in written_examples())
    assert min(written.values()) >= 12
    assert written.total() >= 600
    unseen = yaml.load(UNSEEN.read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert unseen.keys() == written.keys()
    strangers = {prepared(text) for texts in unseen.values() for text in texts}
    assert len(strangers) >= 150
    assert not strangers & {prepared(one.text) for one in written_examples()}

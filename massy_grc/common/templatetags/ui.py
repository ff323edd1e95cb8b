"""The components of every page: tags that declare what they take.

Django refuses an unknown or missing argument when it compiles the template; an argument that
is given but empty, or outside its list of values, raises ``ComponentError`` when it renders,
so that a misspelt variable fails at once instead of leaving a blank. docs/design-system.md shows
each of them.
"""

from django import template

from massy_grc.common import words
from massy_grc.common.components import (
    conversation,
    fields,
    figures,
    frames,
    icons,
    notices,
    states,
)

register = template.Library()

for part in (icons, states, notices, conversation, frames, figures, fields):
    register.tags.update(part.register.tags)

for said in (
    *(words.initials, words.person_name, words.phone_href, words.phone_words, words.file_size),
    *(words.date_words, words.day_words, words.time_words, words.moment_words, words.with_links),
    words.mail_breaks,
):
    register.filter(said)

"""Texts that break programs: our own list, after the kinds of the public lists (R22).

Each is either kept as it was typed or refused with a message; none is run, cut or lost.
"""

# Kept word for word, wherever somebody may write a text.
KEPT = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</textarea><svg/onload=alert(1)>",
    "<!-- -->]]>&lt;b&gt;&amp;",
    "{{ 7|add:35 }}{% debug %}",
    "{{ demandeur.nom_courrier }}",
    "${7*6} #{7*6} <%= 7*6 %>",
    "%s %(x)s %d {0} {x!r}",
    "Robert'); DROP TABLE requests_servicerequest;--",
    "' OR '1'='1",
    "\\' \\\\ \\n \\u0041 %00 %0d%0a",
    '=HYPERLINK("http://x";"y")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "$(touch /tmp/x) `id` ; ls | cat",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷 1️⃣",
    "田中さんにあげて下さい 和製漢語",
    "مُنَاقَشَةُ סברה",
    "𝕿𝖍𝖊 ﷽ ‱ Ω≈ç√∫ ˜µ≤≥÷",
    "Ŀ’Œuvre d’Aïcha‑Zoé Ñuñez",
    "null undefined NaN True None 0 -1 1e309 0x0",
    "a​b­c﻿d",
    "http://evil.example/?a=1&b=<2>",
    "Bcc: tous@evil.example",
)
# Refused with a message: they would forge a line, a direction of reading, or a byte.
REFUSED = (
    "a\x00b",
    "a\x1b[31mb",
    "a\x08b",
    "photo\u202efdp.exe",
    "a\u2066b\u2069c",
)
# Nothing to be seen in them: as if nothing had been typed.
BLANK = ("   ", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\t\r\n")

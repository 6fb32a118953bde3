"""Words of one family: ``loves`` and ``loved``, ``teaches`` and ``teacher``, ``like`` and ``dislike``, ``moral`` and
``amoral``. They say something of each other that no sentence of the text does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["relatives"]

_PREFIXES = (
    "un in im il ir dis mis non non- anti anti- a ab ex ex- semi semi- half- quasi- pseudo- over under pre pre- post "
    "re re- co co- sub super step self- mal counter out de en"
).split()
_PARTICIPLES = dict(
    pair.split(":")
    for pair in (
        "beaten:beat begun:begin bent:bend bitten:bite blown:blow born:bear bought:buy bound:bind "
        "broken:break brought:bring built:build burnt:burn caught:catch chosen:choose drawn:draw driven:drive "
        "drunk:drink eaten:eat fed:feed felt:feel fought:fight found:find forgiven:forgive forgotten:forget "
        "frozen:freeze given:give heard:hear held:hold hidden:hide hit:hit hurt:hurt kept:keep known:know "
        "led:lead left:leave lent:lend lit:light lost:lose made:make meant:mean met:meet paid:pay read:read "
        "ridden:ride seen:see sent:send shaken:shake shot:shoot shown:show sold:sell spent:spend spoken:speak "
        "stolen:steal struck:strike sung:sing sworn:swear taken:take taught:teach thought:think thrown:throw "
        "told:tell torn:tear understood:understand woken:wake won:win worn:wear wound:wind woven:weave "
        "written:write "
    ).split()
)
_ENDINGS = (
    "ed d ly ing er r or ee able ible ive ful less ish like y ment ness ist ian ity ant ent ation ion ic al "
    "ous some proof free "
).split()


def _stems(word: str) -> Iterator[str]:
    """What a word may be formed from."""
    if word in _PARTICIPLES:
        yield _PARTICIPLES[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield stem
            yield stem + "e"
            if stem[-1] == "i":
                yield stem[:-1] + "y"
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            yield word[len(prefix) :]
    if "-" in word:
        yield word.rpartition("-")[2]


def relatives(words: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different words of which one is formed from the other, or both from one."""
    known = list(dict.fromkeys(words))
    stems = {w: {w, *_stems(w)} for w in known}
    found = []
    for i, a in enumerate(known):
        for b in known[i + 1 :]:
            one, two = (a, b) if len(a) >= len(b) else (b, a)
            opposite = _opposite(a, b)
            if two in stems[one] - {one} or opposite:
                found.append((two, one))
    return found


def _opposite(a: str, b: str) -> bool:
    """``fearful`` and ``fearless``."""
    return any(x.endswith("ful") and y.endswith("less") and x[:-3] == y[:-4] for x, y in ((a, b), (b, a)))

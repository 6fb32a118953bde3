"""Closed classes of English words, and inflection. Whatever is in a closed class is never read as an open-class word,
so a word the grammar does not know the meaning of ("most", "unless", "he") stops the reading instead of becoming a
predicate.
"""

from __future__ import annotations

import re

__all__ = [
    "ALL",
    "ANYBODY",
    "CLOSED",
    "COLLECTIVE",
    "EVERYTHING",
    "INTENSIONAL",
    "NAMELESS",
    "NO_RELATION",
    "NUMBERS",
    "OF_KINDS",
    "ORDINALS",
    "PEOPLE",
    "POINTING",
    "RECIPROCAL",
    "SAME_PAST",
    "base_verb",
    "is_open",
    "is_past",
    "positive",
    "several_singulars",
    "singles",
    "singular",
]

ALL = frozenset({"all", "every", "each", "any"})
"""Determiners of universal statements."""
PEOPLE = frozenset({"people", "things", "persons", "thing", "person", "one", "ones"})
"""Nouns that mean whatever the text speaks of."""
NAMELESS = frozenset({"someone", "something", "somebody"})
EVERYTHING = frozenset({"everyone", "everything", "everybody", "anyone", "anything", "anybody"})
POINTING = frozenset(
    "latter first second third fourth last next previous rest remainder remaining following foregoing aforementioned "
    "said pair trio whole sum".split()
)
"""What points to something said before: "the first", "the latter"."""
ANYBODY = frozenset(
    "man woman boy girl child lady gentleman guy fellow person human individual adult kid thing object animal creature "
    "being".split()
)
"""Nouns by which one that has a name may be taken up again: "Ivo is kind. The man is rich." """
SAME_PAST = frozenset(
    "hit cut put let set hurt read split spread cast shut shed quit burst thrust bet cost rid slit upset bid beat "
    "broadcast forecast wed wet sublet".split()
)
"""Verbs whose past is spelled like their plural: "Tellers hit Ivo"."""
ANYONE = frozenset({"anyone", "anything", "anybody"})
"""Universal in a statement, existential in a condition, refused elsewhere."""
INTENSIONAL = frozenset(
    "want need seek lack avoid miss prefer expect imagine desire demand require request await deserve fear "
    "resemble prevent forbid deny doubt reject refuse fail ignore".split()
)
"""Verbs whose indefinite object need not exist, or may mean the kind: "Bob lacks a cat"."""
INTENSIONAL |= frozenset(
    "draw paint sketch depict describe mention promise plan design dream worship hunt play portray impersonate mimic "
    "imitate invent conceive advertise order propose discuss predict hope believe owe pretend simulate fake forecast "
    "anticipate mean symbolize symbolise represent signify suggest recommend envision envisage fancy pursue crave "
    "claim allege dread announce envy oppose ban deserve entail presuppose cost count weigh call name "
    "commission request prescribe rule review study hallucinate foresee guess wish".split()
)
NO_RELATION = frozenset(
    "become remain stay seem appear look feel turn prove sound equal constitute comprise act taste smell marry wed "
    "divorce meet rhyme coincide intersect correspond".split()
)
"""Verbs that say what a thing is or will be, or that hold both ways without saying so."""
COLLECTIVE = frozenset(
    "lift carry own share build form surround outnumber divide split gather move push pull raise hold finish write "
    "make create compose produce cook bake drink fill cover paint win lose fight defeat beat run manage found "
    "establish hire rent buy sell elect choose lead organize organise play perform sing operate occupy inhabit crew "
    "weigh cost complete solve invent design repair fix rob kill block guard circle encircle besiege invade "
    "conquer flank comprise make-up earn pay inherit".split()
)
"""What several may do together: "Ann and Bob lift the piano"."""
OF_KINDS = frozenset(
    "rare extinct common widespread numerous abundant scarce endangered plentiful ubiquitous diverse varied popular "
    "prevalent frequent indigenous native uncommon countless manifold domesticated threatened".split()
)
"""What is said of a kind: "Pandas are rare" makes no panda rare."""
RECIPROCAL = frozenset(
    "friends brothers sisters siblings twins cousins neighbours neighbors partners enemies rivals colleagues spouses "
    "roommates classmates teammates lovers married engaged related similar identical equal alike different together "
    "adjacent parallel opposite opposites same acquainted divorced compatible strangers allies opponents relatives "
    "coworkers co-workers competitors enemies acquaintances buddies pals peers mates flatmates housemates in-laws "
    "namesakes accomplices companions comrades doubles duplicates synonyms antonyms parents-in-law kin kindred "
    "inseparable incompatible distinct unrelated indistinguishable interchangeable nearby close distant separate apart "
    "united unanimous many few countless numerous mutual reconciled estranged betrothed".split()
)
"""What several are to each other, not each on its own."""
NUMBERS = {word: n for n, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}  # fmt: skip
ORDINALS = {word: n for n, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1)}  # fmt: skip
ORDINALS |= {f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": n for n in range(1, 13)}

CLOSED = frozenset(
    """
    a an the this that these those my your his her its our their whose which who whom what when where why how
    i you he she it we they me him us them himself herself itself themselves myself yourself mine yours hers ours theirs
    all every each any no none some most many few several both half either neither another other others such same
    more less least much little enough plenty lot lots majority minority fewer certain various numerous countless
    someone something somebody everyone everything everybody anyone anything anybody nobody nothing noone
    zero one two three four five six seven eight nine ten eleven twelve dozen hundred thousand once twice
    is are was were be been being am do does did done has have had having can could may might must shall should will
    would ought cannot isn't aren't wasn't weren't don't doesn't didn't can't won't
    not never always often sometimes seldom usually also too only just even still yet already again ever almost nearly
    tomorrow yesterday tonight nowadays everywhere somewhere nowhere anywhere elsewhere indoors outdoors upstairs
    downstairs outside inside abroad overseas forever thus hence therefore however moreover furthermore otherwise
    meanwhile
    about quite rather very so then else perhaps maybe instead together apart ago now today soon later here there
    and or nor but xor if unless until because since while although though whereas whether than as lest provided
    except besides despite without within with of in on at by for from to into onto over under above below between
    among amongst through during before after against toward towards upon off out up down around next beside
    behind beyond along across per via unlike versus iff
    true false unknown probably possibly
    non un anti
    alleged former fake supposed potential would-be so-called pseudo ex future past mere putative
    """.split()
)
"""Words with a grammatical meaning, and adjectives that do not simply narrow their noun."""

_LY = frozenset(
    """
    friendly unfriendly lonely lovely ugly silly holy unholy early elderly lively curly bubbly chilly hilly jelly
    fly ally bully butterfly dragonfly firefly mayfly housefly horsefly gadfly sandfly family anomaly assembly
    monopoly lily belly doily homily filly hillbilly gully rally tally folly dolly holly supply homely cowardly
    saintly motherly fatherly brotherly sisterly scholarly worldly heavenly earthly ghostly kingly queenly
    princely orderly disorderly unruly woolly smelly oily wily surly burly portly comely stately shapely sickly
    miserly wobbly wrinkly crumbly prickly bristly cuddly squiggly jolly
    """.split()
)
_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]")


def is_open(word: str) -> bool:
    """Whether a lower-case word may be an adjective, a noun or a verb of the text's own."""
    if word in CLOSED or not _WORD.fullmatch(word) or "'" in word or "’" in word:
        return False
    return not word.endswith("ly") or word in _LY


_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "people:person men:man women:woman children:child mice:mouse geese:goose feet:foot teeth:tooth oxen:ox "
        "wolves:wolf leaves:leaf lives:life knives:knife wives:wife halves:half calves:calf shelves:shelf loaves:loaf "
        "thieves:thief elves:elf selves:self scarves:scarf hooves:hoof wharves:wharf dwarves:dwarf "
        "sheep:sheep fish:fish deer:deer moose:moose species:species series:series aircraft:aircraft bison:bison "
        "salmon:salmon trout:trout shrimp:shrimp squid:squid offspring:offspring buses:bus gases:gas lenses:lens "
        "quizzes:quiz dice:die lice:louse pence:penny brethren:brother police:police cattle:cattle"
    ).split()
)
# Latin and Greek plurals count where the text also writes the singular: "cacti" with "cactus".
_LEARNED = (("i", "us"), ("a", "um"), ("a", "on"), ("ae", "a"), ("ices", "ix"), ("ices", "ex"), ("es", "is"),
            ("men", "man"), ("women", "woman"), ("children", "child"), ("eaux", "eau"))  # fmt: skip


_SINGLE = re.compile(
    r"\b(?:an?|every|each)((?:\s+[a-z][\w-]*){1,4}?)"
    r"(?=\s*(?:[.,;:?!]|$)|\s+(?:and|or|nor|but|that|who|which|is|does|then|if|only)\b)",
    re.IGNORECASE,
)


def singles(text: str) -> frozenset[str]:
    """The nouns that the text writes after ``a``, ``every`` or ``each``: "lens" in "a lens" is no plural."""
    found = set()
    for match in _SINGLE.finditer(text):
        *before, noun = match[1].lower().split()
        if not CLOSED & {noun, *before}:
            found.add(noun)
    return frozenset(found)


def singular(noun: str, written: frozenset[str] = frozenset(), single: frozenset[str] = frozenset()) -> str | None:
    """The singular of a plural noun, or None if the word does not look like a plural.

    English spelling leaves some open ("movies": movie or movy); ``written``, the words of the text, then decides.
    Words in ``single`` are known to be no plurals.
    """
    if noun in single and noun not in _IRREGULAR:
        return None
    candidates = _singulars(noun)
    learned = [noun[: -len(end)] + one for end, one in _LEARNED if noun.endswith(end) and len(noun) >= len(end) + 2]
    found = next((c for c in [*candidates, *learned] if c in written), None)
    return found or (candidates[0] if candidates else None)


def several_singulars(noun: str, written: frozenset[str]) -> list[str]:
    """The words of the text of which a word may be the plural, if they are several: "axes" beside "axe" and "axis"."""
    learned = [noun[: -len(end)] + one for end, one in _LEARNED if noun.endswith(end) and len(noun) >= len(end) + 2]
    found = [c for c in dict.fromkeys([*_singulars(noun), *learned]) if c in written and c != noun]
    return found if len(found) > 1 else []


def _singulars(noun: str) -> list[str]:
    """What the singular may be, likeliest first."""
    if noun in _IRREGULAR:
        return [_IRREGULAR[noun]]
    if not noun.endswith("s") or noun.endswith(("ss", "us", "is")) or len(noun) <= 2:
        return []
    if noun.endswith("ies") and len(noun) > 4:
        return [noun[:-3] + "y", noun[:-1]]
    if noun.endswith("xes") and len(noun) == 4:
        return [noun[:-1], noun[:-2]]
    if noun.endswith("ves") and len(noun) > 4:
        return [noun[:-1], noun[:-3] + "f", noun[:-3] + "fe"]
    if re.search(r"(s|x|z|ch|sh|o)es$", noun) and len(noun) > 4:
        # "wumpuses" → "wumpus"; "houses" → "house" is told apart by the vowel before.
        sibilant = re.search(r"(us|is|ss|x|z|ch|sh|o)es$", noun) and not re.search(r"[aeo]uses$", noun)
        return [noun[:-2], noun[:-1]] if sibilant else [noun[:-1], noun[:-2]]
    return [noun[:-1]]


_BASE_ON_S = frozenset("gas bias canvas chorus atlas".split())


def base_verb(verb: str, written: frozenset[str] = frozenset()) -> str | None:
    """``chases`` → ``chase``; None if the word is not a third person singular."""
    if not verb.endswith("s") or verb.endswith(("ss", "us", "is")) or len(verb) <= 2 or verb in _BASE_ON_S:
        return None
    if verb.endswith("ies") and len(verb) > 4:
        likely = [verb[:-3] + "y", verb[:-1]]
    elif verb.endswith("zzes"):
        likely = [verb[:-2], verb[:-3]]
    elif re.search(r"(ss|x|ch|sh|o)es$", verb):
        likely = [verb[:-2], verb[:-1]]
    elif verb.endswith(("ses", "zes")):
        likely = [verb[:-1], verb[:-2], verb[:-3]]
    else:
        likely = [verb[:-1]]
    return next((v for v in likely if v in written), likely[0])


_PAST = frozenset(
    """
    ate beat became began bent bit blew bought broke brought built burnt came caught chose clung crept dealt did drank
    drew drove dug fed fell felt fled flew forgave forgot fought found froze gave got grew had heard held hid hung kept
    knew laid led left lent lost made meant met paid ran rang rode rose said sang sat saw sent shone shook shot slept
    sold sought spent spoke stole stood struck stuck swam swore swung taught thought threw told took tore understood
    woke won wore wrote eaten seen taken given written chosen driven known shown broken stolen hidden forgotten
    """.split()
)


def is_past(verb: str) -> bool:
    """Whether a word in the place of a verb is a past form or a participle: another time than the present."""
    if verb in _PAST:
        return True
    return (verb.endswith("ed") and not verb.endswith("eed") and len(verb) > 4) or (
        verb.endswith("ing") and len(verb) > 5
    )


def positive(adjective: str) -> tuple[str, ...]:
    """What a comparative or superlative may be formed from: ``bigger``, ``biggest`` → ``big``, ``bigg``, ``bigge``."""
    for end in ("est", "er"):
        if adjective.endswith(end) and len(adjective) > len(end) + 2:
            stem = adjective[: -len(end)]
            undoubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
            y = stem[:-1] + "y" if stem.endswith("i") else stem
            return tuple(dict.fromkeys((undoubled, stem, stem + "e", y)))
    return ()

"""Words by which a clause may limit without a number, or change what numbers elsewhere mean: closed classes."""

# ruff: noqa: E501 - word lists stand in long lines

from __future__ import annotations

from quod.translators.controlled.milp.tokens import Token

__all__ = ["limiting", "limiting_word"]

# Words that can make a clause without a number into a limit or change what numbers elsewhere mean.
_LIMITING = frozenset(
    """every each all only any anything both no none not never neither nor same either first second third fourth fifth last
    next pair pairs paired couple dozen dozens set sets kit kits bundle bundles bundled batch together joint jointly
    must can cannot could may might should shall need needs needed require requires required has-to
    equal equals match matches matched unequal if unless except otherwise then half halves halved double doubled doubles
    triple tripled twice thrice once times multiple multiples even odd whole exactly precisely least most enough
    share shares shared sharing accompany accompanies accompanied include includes included including excluding
    contain contains comprise comprises instead rather without limit limits limited limiting restricted restricts
    restriction cap capped maximum minimum exceed exceeds outnumber outnumbers forbid forbidden banned prohibited
    allowed permitted impossible unavailable mandatory compulsory obligatory optional free void cancelled canceled
    replace replaces replaced substitute substitutes alternate alternates alternating
    reserve reserved reserves waste wasted wasting lost loses lose broken breaks damaged spoiled spoils
    increase increased increases decrease decreased decreases reduce reduced reduces rise rises rose fall falls
    drop drops become becomes instead stop stops stopped closed closes ban bans come comes
    until whenever whichever
    per-dozen gross score remaining rest another other others else already still also-with
    percent percentage ratio proportion fraction quarter majority minority average
    more fewer less than as-many exclusive sold-out gone everything nothing everyone nobody ban
    alone separate separated apart beside besides alongside along fit fits complementary accordingly likewise reverse
    count figure figures above hundreds thousands millions euros equally-many
    refuse refuses refused reject rejects avoid avoids avoided skip skips ignore ignores ignored tie tied ties link linked
    bound binding combine combined combines joined joins attached attach belongs belong counts count counted
    own-half partly mostly waived waives tax taxes discount fee fees bonus""".split()
)
_SAFE_LY = frozenset(
    "elderly costly lovely lively hilly belly jelly holly daily weekly monthly yearly hourly family supply assembly additionally finally furthermore lastly currently "
    "usually recently typically generally specially especially highly heavily nearby only apply supply reply july "
    "friendly locally frequently artificially slightly directly commonly mainly quickly easily smoothly graphically respectively".split()
)


def limiting_word(word: str) -> bool:
    """Whether the word alone may make a clause a limit: a quantifier, a modal, an order, a negation, a manner."""
    return word in _LIMITING or (word.endswith("ly") and len(word) > 4 and word not in _SAFE_LY) or "n't" in word


def limiting(tokens: list[Token]) -> list[str]:
    """The words among ``tokens`` by which a clause may limit without a number."""
    return [t.text for t in tokens if t.kind == "word" and limiting_word(t.low)]

"""Words the grammar knows by class. None of them is about a particular problem."""

from __future__ import annotations

from quod.translators.controlled.milp.tokens import stem

__all__ = ["AVAILABLE", "COST", "FUNCTION", "GAIN", "GENERIC", "MEASURES", "NEEDS", "VERBS", "VERB_STEMS"]

FUNCTION = frozenset(
    """a an the of in on at to for from by with without into onto per each every any all both either neither nor or and
    but while whereas if then than as so such that this these those there here it its they them their he she his her him
    hers who which what when where how many much more most less least fewer few some no not only also too very
just be is
    are was were been being am do does did have has had having can could may might must shall should will would need
    needs needed want wants wanted like likes prefer prefers due because since although though however moreover further
    furthermore additionally addition finally lastly respectively total overall combined together collectively up
out off
    over under about around between within during before after again one ones other others another same different type
    types kind kinds sort sorts form forms method methods way ways number numbers amount amounts quantity
    quantities order least exactly i we you our your us my me now well order given make sure ensure let's let say x
    available via using use used uses through across available possible currently still per-unit
take takes taken""".split()
)

_VERBS = """make produce sell buy purchase offer hire employ use take require need cost contain provide deliver
transport
carry hold store move ship send pack build create manufacture prepare cook bake brew process treat clean wash plant grow
spray water harvest yield earn profit generate give get gain receive bring return sells invest spend pay charge work run
operate consume drink eat feed serve supply schedule assemble paint cut peel stitch sew mix fill package wrap design
develop install open plan want like decide choose allocate distribute assign assemble finish polish clean dry print
publish produce extract purify remove emit cause result create form include comprise allow accept accommodate fit seat
catch fish collect pick sort handle complete perform test examine analyze check measure teach train tutor care cover
order stock rent lease export import mine drill dig attract reach expose view entertain fundraise raise increase
introduce decrease reduce release burn utilize waste heat cool mail market advertise focus specialize involve average
wear knit weave mould mold craft sketch draw fold assist help enjoy do be has have can put kill recommend prescribe
absorb gather dispose supervise breed mow trim dismantle weigh translate edit respond plow crochet embroider weld
engrave carve varnish roast grind squeeze ferment distill smelt excavate pave monitor rescue vaccinate diagnose irrigate
prune recruit dispatch recycle shred incinerate sweep knead fry grill boil launder glaze
fly drive ride travel visit unload load tie attach host feature combine consist repair service inspect review write read
""".split()

VERB_STEMS = frozenset(stem(v) for v in _VERBS)


def _forms(verb: str) -> set[str]:
    bases = {verb, verb + "s", verb + "es", verb + "ed", verb + "ing"}
    if verb.endswith("e"):
        bases |= {verb[:-1] + "ing", verb + "d"}
    if verb.endswith("y"):
        bases |= {verb[:-1] + "ies", verb[:-1] + "ied"}
    if len(verb) > 2 and verb[-1] not in "aeiouyw" and verb[-2] in "aeiou":
        bases |= {verb + verb[-1] + "ing", verb + verb[-1] + "ed"}
    return bases


VERBS = frozenset(f for v in _VERBS for f in _forms(v)) | {
    "sold",
    "dug",
    "laid",
    "made",
    "bought",
    "built",
    "sent",
    "took",
    "taken",
    "held",
    "grown",
    "paid",
    "spent",
    "fed",
    "gets",
    "brings",
    "has",
    "is",
    "are",
    "can",
    "must",
    "will",
    "should",
    "may",
    "given",
    "grew",
    "known",
    "done",
    "sells",
}

COST = frozenset(
    stem(w)
    for w in "cost costs spend spending spent pay paid pays budget wage wages expense expenses charge charges "
    "price prices "
    "purchase buy salary salaries capital fee maintain earning investment rent".split()
)
GAIN = frozenset(
    stem(w)
    for w in "profit profits revenue revenues earn earns earned return returns income sell "
    "sells sold sale "
    "sales fundraise raise gain gains".split()
)
GENERIC = frozenset(
    stem(w)
    for w in "unit units hour hours minute minutes day days week weeks month months year years kg kilogram "
    "kilograms gram "
    "grams g ton tons tonne tonnes pound pounds lb lbs liter liters litre litres ounce ounces oz ml mg time amount "
    "sq ft square feet meter meters metre metres acre acres second seconds piece pieces item items".split()
)
MEASURES = frozenset(
    stem(w)
    for w in "unit units serving servings batch batches container containers box boxes bottle bottles can cans "
    "cup cups glass "
    "glasses pack packs package packages packet packets bag bags bowl bowls plate plates kg kilogram kilograms "
    "gram grams "
    "ton tons tonnes pound pounds lb lbs liter liters litre litres ounce ounces oz acre acres dose doses scoop "
    "scoops tub "
    "tubs trip trips hour hours minute minutes shift shifts pill pills tablet tablets crate crates pitcher pitchers "
    "slice slices portion portions piece pieces set sets load loads pair pairs jar jars carton cartons roll rolls "
    "tablespoon tablespoons teaspoon teaspoons order orders ticket tickets seat seats kilo kilos day days bar bars "
    "ream reams bouquet bouquets bushel bushels basket baskets bucket buckets spool spools vial vials capsule capsules "
    "keg kegs tray trays hectare hectares "
    "barrel barrels tank tanks sheet sheets patient patients customer customers run runs session sessions".split()
)
AVAILABLE = frozenset(
    "available has have had only access budget capacity limit limited limits limiting owns own employs employed "
    "stock supply supplies capped "
    "maximum there allocated hired acquire holds open deal".split()
)
NEEDS = frozenset(
    "need needs needed require requires required must want wants minimum demand meet goal expects expect satisfy "
    "committed contract requirement recommends has-to".split()
)

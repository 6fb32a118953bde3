"""Words before a noun that do more than narrow it: a toy lorry is no lorry, a sea horse no horse, a good cook may be no
good dancer, and multiple cats are so many. Where one stands before a noun the reading stops.
"""

from __future__ import annotations

from quod.translators.controlled.fol.grades import grade
from quod.translators.controlled.fol.lexicon import is_past
from quod.translators.controlled.fol.symbols import Unread

__all__ = ["only_as_such", "refusal", "shades", "two_nouns"]

# A plastic rose, a retired judge: not, no longer, not yet, or only said to be what the noun says.
_PRIVATIVE = frozenset(
    """
    accused acting aborted apparent artificial aspiring assistant associate attempted averted believed bogus bronze
    budding candidate canceled cancelled cardboard carved cartoon chocolate clay claimed clockwork cloth counterfeit
    crochet crystal dead deceased decoy defunct deputy designate digital disgraced disputed dormant doubtful drawn
    dummy electronic elect embroidered emeritus erstwhile ersatz extinct fabled fabricated failed falsified faux
    fictional fictitious fallen feigned foam forged fossil fraudulent frozen generic gingerbread glass hoax
    hologram holographic honorary hypothetical ice imaginary imagined imitation inaccurate inactive incipient
    inflatable ineligible intended invented inverted knitted lapsed legendary lego lookalike luxury marble marzipan
    mechanical metaphorical mini miniature mock model mythical mythological nominal notional onetime origami ostensible
    painted paper part-time phantom phony phoney plaster plastic plasticine plush porcelain possible preserved
    presumed presumptive pretend pretended prior probable proposed prospective provisional proxy purported quondam
    quasi rag reformed rejected replica reputed resigned retired retiring robot robotic ruined rubber rumored rumoured
    sacked sculpted self-appointed self-declared self-proclaimed self-styled semi sham shadow sham silk simulated
    snow soft so-so spurious stand-in stone straw stuffed sub substitute sugar surrogate suspected synthetic temporary
    tentative tin toy trainee trial unborn uncertain unconfirmed unfinished unlikely unofficial unreal untrue unverified
    vegan vegetarian veggie vice virtual wax wooden woollen wool wannabe woven yarn
    """.split()
)  # fmt: skip

# Good as what the noun says, a friend since long: said of the thing only as such a one.
_RELATIVE = frozenset(
    """
    able accomplished amateur awful bad beautiful best better big-time brilliant capable careful careless chronic
    clumsy competent confirmed decent eager effective efficient excellent experienced expert fair famous fierce fine
    full-time gifted good great habitual hard hardened hopeless inept junior keen lazy legendary lousy main mediocre
    occasional old notorious perfect poor popular professional proficient prolific promising real reckless reliable
    renowned rotten seasoned senior serious skilful skilled skillful sloppy social splendid strict successful superb
    talented terrible total true unsuccessful veteran wonderful worthy
    """.split()
)

# How many, which of several, or in what order.
_QUANTIFYING = frozenset(
    """
    additional alternate another assorted average consecutive countable different distinct diverse double dual
    entire every extra few final first following further general individual initial joint last lone main major manifold
    many maximum mean median minimum minor misc miscellaneous multiple myriad next normal odd only ordinary original
    overall particular plural previous quadruple random rare remaining representative respective second select selected
    separate several single sole solitary specific sundry third total triple twin typical ultimate umpteen umpteenth
    uncounted unique usual various whole
    """.split()
)

# One thing in two words, and not what the second says.
_COMPOUNDS = frozenset(
    tuple(pair.split("_"))
    for pair in (
        "sea_horse sea_lion sea_cow sea_cucumber sea_urchin sea_star sea_anemone sea_dog sea_monkey guinea_pig "
        "prairie_dog hot_dog corn_dog teddy_bear koala_bear gummy_bear water_bear jelly_fish star_fish silver_fish "
        "cray_fish cuttle_fish shell_fish lady_bird lady_bug butter_fly dragon_fly fire_fly horse_fly "
        "computer_mouse night_owl couch_potato hot_potato paper_tiger piggy_bank saw_horse clothes_horse rocking_horse "
        "hobby_horse pommel_horse dark_horse book_worm silk_worm glow_worm ring_worm inch_worm wire_worm "
        "flying_fox flying_lemur red_panda killer_whale electric_eel horned_toad mantis_shrimp horseshoe_crab "
        "mountain_lion mountain_chicken maned_wolf lone_wolf aard_wolf lame_duck sitting_duck dead_duck "
        "red_herring white_elephant black_sheep scape_goat cash_cow fat_cat copy_cat top_dog under_dog loan_shark "
        "card_shark pool_shark early_bird jail_bird social_butterfly busy_bee big_cheese big_shot big_wig "
        "wild_card trump_card green_thumb drama_queen drag_queen beauty_queen prom_queen "
        "prom_king chess_king chess_queen chess_knight chess_bishop pawn_king snow_man straw_man gingerbread_man "
        "bogey_man frog_man fire_man hang_man sand_man ghost_writer ghost_town sugar_daddy agony_aunt god_father "
        "god_mother step_mother step_father step_brother step_sister half_brother half_sister foster_mother "
        "foster_father surrogate_mother mother_board mother_ship mother_tongue father_figure pen_pal pen_knife "
        "water_pistol water_melon pine_apple custard_apple love_apple oak_apple adam_apple egg_plant ground_nut "
        "grape_fruit bread_fruit sweet_potato air_potato horse_chestnut horse_radish peanut_butter cocoa_butter "
        "shea_butter coconut_milk soy_milk soya_milk almond_milk oat_milk milk_shake ginger_ale ginger_beer "
        "root_beer dragon_fruit passion_fruit swiss_roll welsh_rabbit bombay_duck french_horn english_horn shoe_horn "
        "shoe_tree hat_tree family_tree decision_tree search_tree crow_bar sand_bar salad_bar space_bar "
        "fire_wall fire_engine fire_arm fire_dog search_engine saw_tooth dog_tooth lion_tooth "
        "blood_bank river_bank sperm_bank food_bank snow_bank cloud_bank power_bank arm_chair wheel_chair rib_cage "
        "heat_wave brain_wave crime_wave sound_barrier glass_ceiling rat_race arms_race space_race small_talk "
        "white_lie grey_area brown_dwarf white_dwarf red_dwarf red_giant black_hole black_box black_eye blue_print "
        "blue_moon honey_moon prayer_mantis mole_hill mole_rat naked_rat bear_market bull_market bull_dog bull_frog "
        "stock_market flea_market rain_bow cross_bow long_bow night_mare night_shade night_cap ice_cap knee_cap "
        "polka_dot dog_days dog_ear tennis_elbow kitchen_sink sea_leopard ant_lion ant_bear dung_beetle vw_beetle "
        "tasmanian_devil tasmanian_tiger manx_cat cheshire_cat dust_bunny playboy_bunny chocolate_bunny bath_duck "
        "doll_house dolls_house dog_house bird_house play_house green_house light_house ware_house power_house "
        "garden_gnome toad_stool monkey_wrench monkey_puzzle crane_fly"
    ).split()
)

# Which kind of such a thing: a criminal lawyer is no criminal, a free thinker may sit in prison.
_CLASSIFYING = frozenset(
    "free open fellow live public private pure mass foreign stock high low close light dark".split()
)
_CLASSIFYING_ENDINGS = ("al", "ic", "ary", "ian", "ese", "ear", "ical", "ine", "ive")

# Colours, shapes and the like hold of a thing whatever else it is.
_PLAIN = frozenset(
    """
    red blue green white black yellow grey gray brown pink purple orange violet golden silver scarlet round square
    circular triangular rectangular oval flat hollow striped spotted furry hairy bald female male married unmarried
    alive empty wet dry open closed locked broken
    """.split()
)


def refusal(modifier: str, noun: str) -> str | None:
    """Why a word before a noun cannot be read as "is so, and is such a one", or None."""
    if modifier in _PRIVATIVE:
        return f"a '{modifier} {noun}' may be no {noun}: say plainly what it is"
    if (modifier, noun) in _COMPOUNDS:
        return f"a '{modifier} {noun}' is no {noun}: write it as one word"
    if modifier in _RELATIVE:
        return f"'{modifier}' may be said only of {noun}s as such: say both in sentences of their own"
    if modifier in _QUANTIFYING:
        return f"'{modifier}' says how many or which: use 'every', 'some' or a name"
    if noun in {"lover", "hater", "owner", "fan", "fancier", "killer", "hunter"}:
        return f"'{modifier}' is not what the {noun} is: say it with a verb"
    return None


# Before another adjective they may belong to it: pretty calm, pale blue, full length.
_SHADING = frozenset(
    """
    pretty dead real super mighty plain stone bright pale deep soft dull vivid hot warm cool rich faded burnt royal
    navy sky baby forest lime blood ice snow jet pitch extra ultra mega hyper well ill full half double long short high
    low open light dark bit tad way damn darn bloody
    """.split()
)


def shades(one: str, other: str) -> bool:
    """Whether the first of two adjectives may belong to the second: "well paid", "flat bottomed", "pale blue"."""
    return one in _SHADING or (other not in _PLAIN and (other.endswith("ing") or is_past(other)))


def only_as_such(adjective: str) -> bool:
    """Whether a word before a noun need not hold of the thing by itself: a big mouse, a criminal lawyer."""
    if adjective in _CLASSIFYING or (adjective.endswith(_CLASSIFYING_ENDINGS) and adjective not in _PLAIN):
        return True
    try:
        return grade(adjective, "plain", frozenset()).known
    except Unread:
        return False


def two_nouns(adjective: str, nouns: set[str]) -> bool:
    """Whether an adjective stands before different nouns, and may mean something else with each."""
    return len(nouns) > 1 and adjective not in _PLAIN

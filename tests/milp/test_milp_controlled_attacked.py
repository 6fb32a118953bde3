"""Texts that look like what is read and mean something else: each was read wrongly once, and each is refused.

Found by an attack on the rewriting of aims, supplies, units and limits (:mod:`quod.translators.controlled.milp.paraphrase`).
"""

# ruff: noqa: E501 - texts stand in long lines

from __future__ import annotations

from pathlib import Path

import pytest
from milp_controlled_helpers import optimum

BUS = "A school hires buses and vans for a trip. A bus carries 40 pupils and burns 30 liters of fuel. A van carries 12 pupils and burns 8 liters of fuel. {} How many of each should be hired {}?"
BUY = "A school hires buses and vans. A bus carries 40 pupils and costs $300. A van carries 12 pupils and costs $110. {} How many of each should be hired {}?"
CREW = "A firm has small crews and large crews. A small crew finishes 6 jobs per hour and costs $50. A large crew finishes 15 jobs per hour and costs $90. {} How many of each should be used {}?"
BAK = "A bakery makes scones and tarts. A scone takes 20 grams of butter and 4 minutes of work. A tart takes 30 grams of butter and 9 minutes of work. The bakery has 3000 grams of butter and 720 minutes of work. The profit is $2 per scone and $5 per tart. {} How many of each should be made {}?"
ONE = "A bakery makes scones and tarts. A scone takes 20 grams of butter and earns $2. A tart takes 30 grams of butter and earns $5. The bakery has 3000 grams of butter.{} How many of each should be made {}?"
PRE = "A plant runs old presses and new presses. An old press makes 40 parts and uses 5 workers. A new press makes 30 parts and uses 2 workers. {} How many of each should be run {}?"
SMO = "A plant runs old presses and new presses. An old press makes 40 parts and emits 5 units of smoke. A new press makes 30 parts and emits 2 units of smoke. {} How many of each should be run {}?"
HOS = "A hospital runs wards and clinics. A ward treats 40 patients and uses 5 doctors. A clinic treats 30 patients and uses 2 doctors. {} How many of each should be run {}?"
PIL = "A nurse mixes pills and syrup. A pill has 10 units of iron and 4 units of zinc. A spoon of syrup has 6 units of iron and 9 units of zinc. {} A pill costs $1 and a spoon of syrup costs $2. How many pills and spoons of syrup should be taken {}?"
REL = "A relief agency sends planes and ships. A plane brings 5 tons of food and costs $900. A ship brings 60 tons of food and costs $4000. {} How many of each should be sent {}?"
COU = "A courier uses bikes and trucks. A bike carries 4 parcels per hour and burns no fuel. A truck carries 30 parcels per hour and burns 5 liters of fuel. {} How many of each should be used {}?"
FLO = "A florist makes small bouquets and large bouquets. A small bouquet uses 5 roses and 3 lilies. A large bouquet uses 12 roses and 7 lilies. {} A small bouquet sells for $9 and a large bouquet sells for $20. How many of each should be made {}?"
HAT = "A shop makes hats and scarves. A hat takes 2 hours of knitting and 30 grams of wool. A scarf takes 3 hours of knitting and 50 grams of wool. {} A hat earns $8 and a scarf earns $11. How many of each should be made {}?"
CHA = "A workshop makes chairs and tables. A chair takes 2 hours of carpentry and 1 hour of painting. A table takes 5 hours of carpentry and 2 hours of painting. {} A chair earns $30 and a table earns $70. How many of each should be made {}?"
DESK = "A shop buys desks, lamps and chairs. A desk costs $90 and seats 2 people. A lamp costs $20 and seats 1 people. A chair costs $30 and seats 4 people. {} How many of each should be bought {}?"
CAM = "A shop hires guards and cameras. A guard stops 5 thefts and costs $200. A camera stops 2 thefts and costs $50. The shop can spend $1000.{} How many guards and cameras should it use {}?"
PAN = "A builder installs panels and pumps. A panel saves 50 liters of fuel and costs $20. A pump saves 90 liters of fuel and costs $30. The builder can spend $900.{} How many panels and pumps should be installed {}?"
HOU = "A builder plans small houses and large houses. A small house takes 20 weeks and houses 4 people. A large house takes 35 weeks and houses 9 people. The builder has 400 weeks.{} How many of each should be built {}?"
MILL = "A mill sells oats and rye. Each kilogram of oats takes 20 grams of salt and earns $4. Each kilogram of rye takes 50 grams of salt and earns $6. There are 900 grams of salt. {} How many kilograms of each should be sold {}?"
CLI = "A clinic offers scans and tests. A scan takes 30 minutes of work and a test takes 20 minutes of work. {} A scan earns $90 and a test earns $50. How many of each should be done {}?"

G, J, S3 = (
    "At least 400 pupils must be carried.",
    "The firm must finish at least 90 jobs per hour.",
    "The school can spend $3000.",
)
PR, D, F = (
    "The plant must make at least 600 parts.",
    "The hospital has 50 doctors.",
    "The courier has 40 liters of fuel.",
)
K, CP, L = (
    "There are 90 hours of knitting and 1500 grams of wool.",
    "There are 140 hours of carpentry and 60 hours of painting.",
    "The florist has 90 lilies.",
)
GAIN, COST = "to maximize profit", "to minimize cost"
MANY, FOOD, CARRY = "to maximize the number of pupils", "to bring the most food", "to carry the most parcels"

AIMS = [
    (BUS, "At least 200 pupils must be carried.", ("to save the most fuel", "to save as much fuel as possible")),
    (BUS, "There are 200 liters of fuel.", ("to leave the fewest pupils behind", "to have as few pupils at home as possible", "to make the fewest pupils walk")),
    (CREW, J, ("to cut the most costs", "at the lowest cost and with the fewest crews", "to reduce the largest cost", "to improve its costs the most")),
    (CREW, "The firm can spend at most $900.", ("to turn down the fewest jobs", "to leave as few jobs as possible", "to have the fewest jobs left")),
    (CREW, "The firm wants to finish at least 90 jobs per hour at the lowest cost.", ("with the fewest crews",)),
    (COU, "The law demands at least 200 parcels per hour.", ("to save the most fuel",)),
    (SMO, PR, ("to achieve the greatest smoke reduction",)),
    (PRE, PR, ("to free the most workers", "to lay off the fewest workers", "to use the lowest paid workers", "to hire the most experienced workers")),
    (PRE, "The plant has 60 workers.", ("to make the most parts in the least time", "to make the largest parts", "to make the smallest parts", "to make the least expensive parts", "to make the fewest faulty parts", "to make the highest quality parts", "to make the greatest variety of parts")),
    (HOS, D, ("to turn away the fewest patients", "to lose the fewest patients", "to keep the fewest patients waiting", "to send away as few patients as possible", "to help the most patients while using the fewest doctors")),
    (REL, "The agency can spend $40000.", ("to lose the least food",)),
    (REL, "The agency must bring at least 300 tons of food.", ("to bring the most food for the least money",)),
    (PIL, "At least 90 units of iron and at least 60 units of zinc are needed.", ("to get the most iron for the least money",)),
    (BUY, G, ("to carry the most pupils at the lowest cost", "to carry as many pupils as possible for the least money", "to maximize the number of pupils at the lowest cost", "to have the fewest vehicles at the lowest cost")),
    (BAK, "", ("to lose the least profit", "so that the profit is as high as possible and the work is as low as possible", "with the least amount of work to earn the most profit", "at the lowest cost to make the most profit")),
    (ONE, "", ("to make the most profit, using the least butter", "to raise the smallest profit", "to get the highest profit margins", "to get the highest hourly profit", "to lose as little profit as possible", "to have the smallest loss of profit")),
    (HOU, "", ("to build the largest houses", "to build the most houses")),
    (CAM, "", ("to have as few thefts as possible", "to suffer the fewest thefts")),
    (PAN, "", ("to burn the least fuel", "to use as little fuel as possible")),
]  # fmt: skip

LIMITS = [
    (BAK, GAIN, "", (
        "There is no room for more than 30 tarts.", "The bakery has no space for more than 30 tarts.", "There is no need for at least 30 tarts.",
        "Pupils say no to more than 20 tarts.", "Few guests want more than 30 tarts.", "The school sometimes wants at least 20 tarts.",
        "The law permits more than 30 tarts.", "The new oven supports at least 30 tarts.", "Tarts are rare, so at most 20 others can be made.",
        "Tarts are rare, so at most 20 in total can be made.", "Tarts are rare, so at most 20 per hour can be made.", "Tarts burn, so at most 15 can be baked together.",
        "Boxes allow at most 6 tarts.", "Ann and Bob want at least 30 tarts each.", "All schools want at least 30 tarts.", "Dentists recommend at most 2 tarts.",
        "Regular customers order at most 3 tarts.", "Other bakeries provide at least 30 scones.", "The baker expects at least 20 tarts to burn.",
        "The bakery must waste at most 20 scones.", "The bakery must burn at most 20 scones.")),
    (REL, FOOD, "The agency can spend $40000.", ("There is no room for more than 3 ships.",)),
    (REL, FOOD, "", ("The pilots received $40000.",)),
    (BUY, MANY, S3, ("Vans are small, so at most 12 can be carried.", "Vans are small, so at most 12 can ride.", "Buses are crowded, so at most 100 can be carried.")),
    (BUY, COST, G, ("Most pupils like buses, so at least 100 must be carried.", "Seats in vans are hard, so at most 60 can be used.", "Guides ride in buses, so at most 6 can be hired.", "Other schools want at least 5 vans.", "The city expects at least 3 buses to break down.")),
    (BUY, MANY, "", ("The driver received $3000.", "The parents collected $3000 each.", "The school saved $3000 by walking.", "The city gives it $30 per pupil.", "The city gave it $3000 too little.", "The city gives it $3000 for fuel.")),
    (HAT, GAIN, K, ("Hats are made by apprentices, so at most 6 can be hired.", "Hats are packed in crates, so at most 6 can be used.", "Hats go to shops, so at least 6 must be visited.", "Hats cost money, so at most 60 can be spent.", "Shelves support at most 6 hats.", "Hikers need at least 2 hats and 1 scarf.", "The hikers need at least 2 hats each.", "The owner expects at least 20 hats to come back.", "Buyers expect at least 6 hats an order.", "The shop must repair at least 20 hats.", "The shop must wash at least 20 hats.", "The shop must buy at least 20 hats for the staff.")),
    (HAT, GAIN, "There are 90 hours of knitting.", ("The customer bought 1500 grams of wool.", "The dealers received 1500 grams of wool each.", "1500 grams of wool arrive each day.", "The moths can eat 1500 grams of wool.")),
    (HAT, GAIN, "There are 1500 grams of wool.", ("The knitters can do 9 hours of knitting each.", "The knitters can do 9 hours of knitting apiece.", "The new machine can save 90 hours of knitting.")),
    (HAT, GAIN, "", ("Weekly supplies are 1500 grams of wool. There are 9 hours of knitting per day.", "Daily supplies are 1500 grams of wool. There are 90 hours of knitting a week.")),
    (PIL, COST, "At least 90 units of iron and at least 60 units of zinc are needed.", ("Pills are rich in iron, so at most 120 can be taken.",)),
    (COU, CARRY, F, ("Bikes are slow, so at most 6 per hour can be carried.", "Trucks burn fuel, so at most 30 can be used.", "The city purchased 6 bikes.", "Streets allow at most 6 trucks.", "Villages need at least 1 truck.", "The city allows at most 6 trucks an hour.")),
    (COU, CARRY, "", ("Her neighbor bought 20 liters of fuel.", "The drivers can burn 40 liters of fuel each.")),
    (FLO, "to maximize revenue", L, ("The customer bought 180 roses.", "The hotel bought 180 roses from the florist.", "The florist picked 180 roses for her mother.", "The florist picked 180 roses to throw away.", "The florist received 180 roses less.", "The florist has set aside 180 roses for a wedding.", "180 boxes of roses arrive.")),
    (CHA, GAIN, CP, ("The shop must buy at least 10 chairs for the office.", "He must keep at least 10 chairs for the staff.", "The owner reserves at least 10 chairs for the staff.", "Chairs must not be over 30 kg.", "Twice as many people buy chairs as tables.", "To make a table at least 4 chairs must be made.")),
    (CHA, GAIN, "There are 60 hours of painting.", ("His sons can do 70 hours of carpentry each.", "The carpentry shop can save 140 hours.", "The shop has set aside 140 hours of carpentry for repairs.")),
    (DESK, "to seat the most people", "", ("The shop can spend $900 on the two.", "The shop can spend $900 on both.")),
    (DESK, "to seat the most people", "The shop can spend $900.", ("Chairs seat people, so at least 40 must be seated.",)),
    (MILL, GAIN, "", ("At most 3000 grams of rye can be sold.", "The shops order at least 2000 grams of oats.")),
    (CLI, GAIN, "", ("The nurses have 8 hours of work each.", "The nurses have 480 minutes of work each.")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "limit", "aim"), [(t, s, a) for t, s, aims in AIMS for a in aims])
def test_an_aim_that_is_not_plainly_one(text: str, limit: str, aim: str) -> None:
    assert optimum(text.format(limit, aim)) is None


@pytest.mark.parametrize(("text", "aim", "limit"), [(t, a, f"{base} {s}") for t, a, base, said in LIMITS for s in said])
def test_a_limit_that_is_of_something_else(text: str, aim: str, limit: str) -> None:
    assert optimum(text.format(limit, aim)) is None


@pytest.mark.parametrize(
    ("text", "limit", "aim", "value"),
    [
        (BUS, "At least 200 pupils must be carried.", "to burn the least fuel", 136),
        (BUY, S3, "to carry the most pupils", 400),
        (CREW, J, "to spend the least money", 540),
        (BAK, "Tarts are hard to bake, so at most 20 can be made.", "to make the most money", 340),
        (HOU, "", "to house the most people", None),
    ],
)
def test_the_frames_themselves_are_read(text: str, limit: str, aim: str, value: int | None) -> None:
    assert optimum(text.format(limit, aim)) == value


TEXTS = (Path(__file__).parent / "attacked_texts.txt").read_text(encoding="utf-8").strip().split("\n\n")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_was_read_wrongly_is_refused(text: str) -> None:
    """Another unit, each of many, what things use or move, permissions, losses: in plain texts of many domains."""
    assert optimum(text) is None

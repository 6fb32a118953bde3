"""What is at hand, what waits to be dealt with and what a limit is a limit of: texts whose plain reading was missed.

Each optimum was found from the meaning; None means that nothing may be answered.
"""

# ruff: noqa: E501 - sentences stand on one line

from __future__ import annotations

import pytest
from milp_controlled_helpers import optimum

REMOVAL = "A removal firm uses vans and trucks. A van holds 20 boxes and a truck holds 60 boxes. {} A van costs $40 and a truck costs $110. How many of each should be used to minimize the cost?"
LESSONS = "A firm employs juniors and seniors. A junior teaches 10 lessons and a senior teaches 18 lessons a week. {} A junior costs $150 and a senior costs $240 a week. How many of each should be employed to minimize costs?"
MILL = "A mill grinds wheat and rye. A sack of wheat takes 3 minutes and a sack of rye takes 5 minutes. {} A sack of wheat earns $2 and a sack of rye earns $3. How many sacks of each maximize the earnings?"
DAIRY = "A dairy makes butter and cheese. A pack of butter needs 4 litres of milk and 10 minutes of work, and a pack of cheese needs 6 litres of milk and 25 minutes of work. There are 240 litres of milk and 800 minutes of work available. {} A pack of butter yields a profit of $3 and a pack of cheese yields a profit of $5. How many packs of each should the dairy make to maximize the profit?"
POULTRY = "A farmer raises hens and ducks. A hen needs $2 of feed and a duck needs $3 of feed each week. {} A hen lays 5 eggs and a duck lays 6 eggs. How many of each should he raise to maximize the number of eggs?"
FORGE = "A forge makes swords and shields. A sword takes 3 kg of iron and 2 hours of work and yields a profit of $30. A shield takes 5 kg of iron and 3 hours of work and yields a profit of $40. There are 120 kg of iron and 90 hours of work available. {}"
EACH = "How many of each should be made to maximize the profit"
SCHOOL = "A school buys tablets and laptops. A tablet costs $200 and a laptop costs $500. A tablet serves 2 pupils and a laptop serves 3 pupils. {} How many of each should it buy to minimize the cost?"
BAKERY = "A bakery bakes pies and cakes. A pie needs 4 eggs and 20 minutes in the oven, while a cake needs 6 eggs and 45 minutes in the oven. {} A pie sells for $12 and a cake sells for $25. How many pies and cakes should be baked to maximize revenue?"
LOADING = "At least 800 boxes must be moved. A van takes 1 hour and a truck takes 3 hours to load. "
WEIGHT = "A pack of butter weighs 1 kg and a pack of cheese weighs 2 kg. "
READ = (
    (REMOVAL, "There are 800 boxes to be moved.", 1470),
    (REMOVAL, "The firm has 800 boxes to move.", 1470),
    (REMOVAL, "The firm has 800 boxes to move. At most 10 trucks can be used.", 1500),
    (REMOVAL, "At least 800 boxes must be moved.", 1470),
    (LESSONS, "The firm has to teach 400 lessons a week.", 5400),
    (LESSONS, "There are 400 lessons to teach.", 5400),
    (LESSONS, "The firm has a contract for 400 lessons a week.", 5400),
    (MILL, "The mill has 300 minutes.", 200),
    (MILL, "The mill has 300 minutes. There are 20 sacks of wheat.", 184),
    (MILL, "300 minutes of grinding are available.", 200),
    (MILL, "At least 3 sacks of rye must be sold. 300 minutes are available.", 199),
    (DAIRY, WEIGHT + "The goods must weigh at most 60 kg.", 180),
    (DAIRY, "At least 30 packs of butter must be made.", 190),
    (POULTRY, "The farmer has $120 for feed.", 300),
    (FORGE, EACH + "?", 1200),
    (FORGE, "The smith wants to maximize the profit. " + EACH + "?", 1200),
    (FORGE, EACH + ", given that at least 10 shields are made?", 1090),
    (FORGE, "At most 20 swords can be made to please the knights. " + EACH + "?", 1080),
    (FORGE, "The number of swords must be no greater than 20. " + EACH + "?", 1080),
    (FORGE, "The number of shields must be no smaller than 12. " + EACH + "?", 1080),
    (
        FORGE,
        "The number of shields must be no larger than 8. The number of swords must be no higher than 20. " + EACH + "?",
        920,
    ),
    (FORGE, "The number of swords must be no larger than the number of shields. " + EACH + "?", 1050),
    (FORGE, "The number of swords must be no greater than twice the number of shields. " + EACH + "?", 1080),
    (FORGE, "The number of shields cannot be lower than 12. " + EACH + "?", 1080),
    (FORGE, "The number of swords must be less than or equal to 20. " + EACH + "?", 1080),
    (FORGE, "The number of swords must be 20 or less. " + EACH + "?", 1080),
    (FORGE, "The number of swords must be 20 or fewer. " + EACH + "?", 1080),
    (FORGE, "No more than 20 swords can be sold. " + EACH + "?", 1080),
    (FORGE, "The forge has only 8 shields available. " + EACH + "?", 1200),
    (BAKERY, "The bakery has 200 eggs and 1200 minutes of oven time.", 688),
    (BAKERY, "200 eggs and 1200 minutes of oven time are available.", 688),
    (BAKERY, "The bakery has 200 eggs and 1200 minutes. There must be no fewer than two pies for every cake.", 686),
    (SCHOOL, "The school has to serve 90 pupils.", 9000),
    (SCHOOL, "The school has 90 pupils to serve.", 9000),
)
REFUSED = (
    (REMOVAL, "There are 800 boxes. At least 5 vans must be used."),
    (REMOVAL, "At least 800 boxes must be moved. At least 400 boxes must be moved by vans."),
    (REMOVAL, "At least 800 boxes must be moved. At least half of the boxes must be moved by vans."),
    (REMOVAL, "At least 800 boxes must be moved. There are 8 trucks for every van."),
    (REMOVAL, "At least 800 boxes must be moved. The boxes weigh at most 30 kg."),
    (REMOVAL, "Each box must arrive within 300 hours and 80 boxes must be shipped."),
    (REMOVAL, LOADING + "Everything must be loaded in 45 hours."),
    (REMOVAL, LOADING + "At least 45 hours are needed for other work."),
    (LESSONS, "The firm receives orders for 400 lessons."),
    (LESSONS, "It makes 400 lessons a week."),
    (MILL, "Each worker has 300 minutes."),
    (MILL, "The mill has 300 minutes more than it had."),
    (MILL, "The mill has 300 minutes. Farmers have ordered 20 sacks of wheat."),
    (MILL, "The mill has 300 minutes. 20 sacks of wheat have been ordered."),
    (MILL, "The mill has 300 minutes. The mill has orders for 20 sacks of wheat."),
    (MILL, "The mill has 300 minutes. The mill has a policy of grinding 20 sacks of wheat."),
    (MILL, "The mill has 300 minutes. The mill has sold 70 sacks."),
    (DAIRY, "There is a demand for 20 packs of butter."),
    (DAIRY, "The milk used for cheese cannot exceed 100 litres."),
    (DAIRY, "At least half of the milk must be used for cheese."),
    (DAIRY, "At least 40 litres of milk must be left."),
    (DAIRY, "At least 40 litres of milk must remain."),
    (DAIRY, "At most 60% of butter is sold."),
    (DAIRY, WEIGHT + "A pack may weigh at most 60 kg."),
    (POULTRY, "The farmer has $120 for straw."),
    (FORGE, EACH + " while minimizing the iron used?"),
    (FORGE, EACH + " and minimize the work?"),
    (FORGE, EACH + " and the number of swords?"),
    (FORGE, EACH + ", with as little work as possible?"),
    (FORGE, "At most 20 swords can be sold in the first month. " + EACH + "?"),
    (FORGE, EACH + " if it makes 20 swords?"),
    (FORGE, "The smith wants to maximize the profit, but his wife wants to minimize the work. " + EACH + "?"),
    (FORGE, "The smith wants to maximize the number of swords. " + EACH + "?"),
    (FORGE, "What is the maximum profit in cents?"),
    (FORGE, "At most 4 shields can be sold to knights. " + EACH + "?"),
    (FORGE, "At most 4 shields can be sold per customer. " + EACH + "?"),
    (FORGE, "At least 10 hours of work must be done by the smith himself. " + EACH + "?"),
    (FORGE, "The forge has 12 shields in stock. " + EACH + "?"),
    (FORGE, "At most 8 shields were sold so far. " + EACH + "?"),
    (FORGE, "At least 12 shields are being repaired. " + EACH + "?"),
    (FORGE, "The number of swords must be within 5 of the number of shields. " + EACH + "?"),
    (BAKERY, "The bakery has 200 eggs. The oven holds at most 30 pies or cakes."),
    (BAKERY, "The bakery has at least 200 eggs. There are 1200 minutes."),
    (BAKERY, "The bakery has exactly 200 eggs. There are 1200 minutes."),
    (BAKERY, "The bakery has 200 eggs. There are two ovens, each of which is on for 600 minutes."),
    (SCHOOL, "Up to 90 pupils are served."),
    (SCHOOL, "At least 90 pupils must be served, a third of them with laptops."),
    (SCHOOL, "At least 90 pupils must be served. The school has 10 tablets."),
    (POULTRY, "The hens may eat at most $60 of feed."),
)


@pytest.mark.parametrize(("base", "sentence", "value"), READ)
def test_a_supply_or_a_demand_is_read(base: str, sentence: str, value: int) -> None:
    assert optimum(base.format(sentence)) == pytest.approx(value)


@pytest.mark.parametrize(("base", "sentence"), REFUSED)
def test_a_limit_of_something_else_is_refused(base: str, sentence: str) -> None:
    assert optimum(base.format(sentence)) is None

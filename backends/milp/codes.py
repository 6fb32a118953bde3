"""Every diagnostic code of the milp backend."""

from __future__ import annotations

from quod.core.diagnostics import code

BAD_JSON = code("milp.bad_json", "The model is not JSON.")
BAD_SHAPE = code("milp.bad_shape", "A part of the model is missing, unknown or of the wrong JSON type.")
BAD_SYNTAX = code("milp.bad_syntax", "An expression does not follow the grammar.")
TOO_DEEP = code("milp.too_deep", "The model or an expression is nested too deeply.")
DUPLICATE = code("milp.duplicate", "A name or key is given twice.")
UNKNOWN_NAME = code("milp.unknown_name", "An expression uses a name that nothing introduces.")
USED_BEFORE_DEFINED = code("milp.used_before_defined", "A set or parameter uses one that is only defined after it.")
CYCLE = code("milp.cyclic_definition", "A definition depends on itself.")
BAD_INDEX = code("milp.bad_index", "A name is indexed with the wrong number or kind of indices.")
BAD_TYPE = code("milp.bad_type", "A number, a truth value, a set or a list stands where another of them is needed.")
BAD_NUMBER = code("milp.bad_number", "A number is not finite, or cannot be read.")
MISSING_VALUE = code("milp.missing_value", "A parameter has no value for some member of its sets.")
UNKNOWN_MEMBER = code("milp.unknown_member", "A value is given, or asked for, at something that is not in the set.")
DIVISION_BY_ZERO = code("milp.division_by_zero", "A divisor is zero.")
NO_VARIABLES = code("milp.no_variables", "The model has no variables: there is nothing to decide.")
NO_OBJECTIVE = code("milp.no_objective", "The model has no objective: any feasible point will do.")
CONTRADICTORY_BOUNDS = code("milp.contradictory_bounds", "A variable's lower bound is above its upper bound.")
BINARY_BOUND = code("milp.binary_bound", "A bound of a binary variable is not between 0 and 1.")
CONSTANT_CONSTRAINT = code("milp.constant_constraint", "A constraint contains no variable: it always or never holds.")
UNUSED = code("milp.unused", "A set, parameter or variable is declared and never used.")
UNBOUNDED_VARIABLE = code("milp.no_bound_matters", "Nothing limits a variable in the direction the objective pulls it.")
STRICT = code("milp.strict_inequality", "A strict inequality over continuous variables has no optimum at its edge.")
TOO_LARGE = code("milp.too_large", "The model is larger than the limits allow.")
HUGE_COEFFICIENT = code("milp.huge_coefficient", "A coefficient is beyond what the engine's numbers can hold.")
UNSUPPORTED = code("milp.unsupported", "No engine at hand can read this combination of constraints.")
MISSING_FILE = code("milp.missing_file", "The model reads a file that is not in the context.")
BAD_TABLE = code("milp.bad_table", "A table cannot be read, or a column is not in it.")
BAD_CELL = code("milp.bad_cell", "A cell of a table is missing, given twice or of the wrong type.")
SPREADSHEET_REFUSED = code("milp.spreadsheet_refused", "A spreadsheet is refused because it could do harm.")
INFEASIBLE_SUBSET = code("milp.infeasible_subset", "These requirements cannot all hold; without any one they could.")
UNBOUNDED_RAY = code("milp.unbounded_ray", "These quantities can grow without limit: a limit is missing.")
NOT_CERTIFIED = code("milp.not_certified", "No exact certificate was found within the limits.")
ENGINES_DISAGREE = code("milp.engines_disagree", "Two engines gave different answers.")
INTEGRALITY = code("milp.integrality_matters", "Whole numbers change the best value.")
ALTERNATIVES = code("milp.alternative_optima", "Other plans are just as good.")
REDUNDANT = code("milp.redundant", "A constraint forbids nothing that the others do not already forbid.")
UNIT_MISMATCH = code("milp.unit_mismatch", "Things of different units are added, compared or optimized together.")
KIND_MISMATCH = code("faithfulness.milp_kind", "A constraint is not of the class that it declares.")
NUMBER_UNUSED = code("faithfulness.milp_number_unused", "A number of the words appears nowhere in the model.")
SENSE_MISMATCH = code("faithfulness.milp_sense", "The words say maximize and the model minimizes, or the reverse.")
LIMIT_MISREAD = code(
    "faithfulness.milp_limit", "A number that the words call a limit does not limit in the direction they say."
)
COMPARISON_MISREAD = code(
    "faithfulness.milp_comparison",
    "The words say that there must be more of one thing than of another; the model does not.",
)
NUMBER_OF_OTHER = code("faithfulness.milp_number_of_other", "A number said of one thing weighs another in the model.")
NUMBER_INVENTED = code(
    "faithfulness.milp_number_invented", "A number of the model that the words neither say nor give."
)
REPEATED = code("faithfulness.milp_repeated_variable", "A sum in which one variable has two terms.")
NOT_WHOLE = code("faithfulness.milp_not_whole", "Things that are counted may be divided, and that changes the answer.")
PERCENT = code("faithfulness.milp_percent", "A parameter in percent is used as if it were a factor.")
TWO_READINGS = code(
    "faithfulness.two_readings", "Words of the problem can be read in two ways that give different answers."
)

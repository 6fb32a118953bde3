;; Blocks on a table and one arm, with four actions.
;; @say pickup: pick up {ob} from the table
;; @say putdown: put {ob} down on the table
;; @say stack: put {ob} on {underob}
;; @say unstack: take {ob} off {underob}
;; @say on: {x} is on {y}
;; @say on-table: {x} is on the table
;; @say clear: nothing is on {x}
;; @say arm-empty: the arm is empty
;; @say holding: the arm holds {x}
(define (domain blocksworld-4ops)
  (:requirements :strips)
  (:predicates (clear ?x) (on-table ?x) (arm-empty) (holding ?x) (on ?x ?y))
  (:action pickup
    :parameters (?ob)
    :precondition (and (arm-empty) (on-table ?ob) (clear ?ob))
    :effect (and (not (arm-empty)) (not (on-table ?ob)) (not (clear ?ob)) (holding ?ob)))
  (:action putdown
    :parameters (?ob)
    :precondition (holding ?ob)
    :effect (and (not (holding ?ob)) (on-table ?ob) (clear ?ob) (arm-empty)))
  (:action stack
    :parameters (?ob ?underob)
    :precondition (and (holding ?ob) (clear ?underob))
    :effect (and (not (holding ?ob)) (not (clear ?underob)) (on ?ob ?underob) (clear ?ob) (arm-empty)))
  (:action unstack
    :parameters (?ob ?underob)
    :precondition (and (arm-empty) (on ?ob ?underob) (clear ?ob))
    :effect (and (not (arm-empty)) (not (on ?ob ?underob)) (not (clear ?ob)) (clear ?underob) (holding ?ob))))

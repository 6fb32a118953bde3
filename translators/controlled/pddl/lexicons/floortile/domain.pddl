;; Robots paint the tiles above and below them; a painted tile can no longer be stood on.
;; @say change-color: {r} changes its colour from {c} to {c2}
;; @say paint-up: {r}, standing on {x}, paints {y} above it {c}
;; @say paint-down: {r}, standing on {x}, paints {y} below it {c}
;; @say (robot-at): {r} is at {x}
;; @say (painted): {x} is painted {c}
;; @say (robot-has): the spray gun of {r} is {c}
(define (domain floor-tile)
  (:requirements :strips :typing :action-costs)
  (:types robot tile color - object)
  (:predicates
    (robot-at ?r - robot ?x - tile) (robot-has ?r - robot ?c - color)
    (up ?x ?y - tile) (down ?x ?y - tile) (right ?x ?y - tile) (left ?x ?y - tile)
    (clear ?x - tile) (painted ?x - tile ?c - color) (available-color ?c - color) (free-color ?r - robot))
  (:functions (total-cost))
  (:action change-color
    :parameters (?r - robot ?c ?c2 - color)
    :precondition (and (available-color ?c2) (robot-has ?r ?c))
    :effect (and (not (robot-has ?r ?c)) (robot-has ?r ?c2) (increase (total-cost) 5)))
  (:action paint-up
    :parameters (?r - robot ?y ?x - tile ?c - color)
    :precondition (and (robot-at ?r ?x) (up ?y ?x) (clear ?y) (robot-has ?r ?c))
    :effect (and (not (clear ?y)) (painted ?y ?c) (increase (total-cost) 2)))
  (:action paint-down
    :parameters (?r - robot ?y ?x - tile ?c - color)
    :precondition (and (robot-at ?r ?x) (down ?y ?x) (clear ?y) (robot-has ?r ?c))
    :effect (and (not (clear ?y)) (painted ?y ?c) (increase (total-cost) 2)))
  (:action up
    :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (up ?y ?x) (clear ?y))
    :effect (and (not (robot-at ?r ?x)) (robot-at ?r ?y) (not (clear ?y)) (clear ?x) (increase (total-cost) 3)))
  (:action down
    :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (down ?y ?x) (clear ?y))
    :effect (and (not (robot-at ?r ?x)) (robot-at ?r ?y) (not (clear ?y)) (clear ?x) (increase (total-cost) 1)))
  (:action right
    :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (right ?y ?x) (clear ?y))
    :effect (and (not (robot-at ?r ?x)) (robot-at ?r ?y) (not (clear ?y)) (clear ?x) (increase (total-cost) 1)))
  (:action left
    :parameters (?r - robot ?x ?y - tile)
    :precondition (and (robot-at ?r ?x) (left ?y ?x) (clear ?y))
    :effect (and (not (robot-at ?r ?x)) (robot-at ?r ?y) (not (clear ?y)) (clear ?x) (increase (total-cost) 1))))

;; Changing tyres: the tools lie in the boot, a hub is jacked up to take off its wheel, and its nut holds the wheel.
;; @say open: open {x}
;; @say close: close {x}
;; @say fetch: take {x} out of {y}
;; @say put-away: put {x} into {y}
;; @say loosen: loosen {x} on {y}
;; @say tighten: tighten {x} on {y}
;; @say jack-up: jack up {y}
;; @say jack-down: let down {y}
;; @say undo: undo {x} of {y}
;; @say do-up: do up {x} on {y}
;; @say remove-wheel: take {x} off {y}
;; @say put-on-wheel: put {x} on {y}
;; @say inflate: inflate {x}
;; @say (in): {x} is in {y}
;; @say (on): {x} is on {y}
;; @say (tight): {x} is tight on {y}
;; @say (loose): {x} is loose on {y}
;; @say (have): you have {x} at hand
(define (domain tyreworld)
  (:requirements :strips :typing)
  (:types obj container hub - object tool wheel nut - obj)
  (:constants wrench jack pump - tool)
  (:predicates
    (open ?x - container) (closed ?x - container) (unlocked ?x - container) (in ?x - obj ?y - container) (have ?x - obj)
    (tight ?x - nut ?y - hub) (loose ?x - nut ?y - hub) (fastened ?x - hub) (unfastened ?x - hub)
    (on-ground ?x - hub) (not-on-ground ?x - hub) (on ?x - wheel ?y - hub) (free ?x - hub)
    (inflated ?x - wheel) (not-inflated ?x - wheel) (intact ?x - wheel))
  (:action open
    :parameters (?x - container)
    :precondition (and (unlocked ?x) (closed ?x))
    :effect (and (open ?x) (not (closed ?x))))
  (:action close
    :parameters (?x - container)
    :precondition (open ?x)
    :effect (and (closed ?x) (not (open ?x))))
  (:action fetch
    :parameters (?x - obj ?y - container)
    :precondition (and (in ?x ?y) (open ?y))
    :effect (and (have ?x) (not (in ?x ?y))))
  (:action put-away
    :parameters (?x - obj ?y - container)
    :precondition (and (have ?x) (open ?y))
    :effect (and (in ?x ?y) (not (have ?x))))
  (:action loosen
    :parameters (?x - nut ?y - hub)
    :precondition (and (have wrench) (tight ?x ?y) (on-ground ?y))
    :effect (and (loose ?x ?y) (not (tight ?x ?y))))
  (:action tighten
    :parameters (?x - nut ?y - hub)
    :precondition (and (have wrench) (loose ?x ?y) (on-ground ?y))
    :effect (and (tight ?x ?y) (not (loose ?x ?y))))
  (:action jack-up
    :parameters (?y - hub)
    :precondition (and (on-ground ?y) (have jack))
    :effect (and (not-on-ground ?y) (not (on-ground ?y)) (not (have jack))))
  (:action jack-down
    :parameters (?y - hub)
    :precondition (not-on-ground ?y)
    :effect (and (on-ground ?y) (not (not-on-ground ?y)) (have jack)))
  (:action undo
    :parameters (?x - nut ?y - hub)
    :precondition (and (not-on-ground ?y) (fastened ?y) (have wrench) (loose ?x ?y))
    :effect (and (have ?x) (unfastened ?y) (not (fastened ?y)) (not (loose ?x ?y))))
  (:action do-up
    :parameters (?x - nut ?y - hub)
    :precondition (and (have wrench) (unfastened ?y) (not-on-ground ?y) (have ?x))
    :effect (and (loose ?x ?y) (fastened ?y) (not (unfastened ?y)) (not (have ?x))))
  (:action remove-wheel
    :parameters (?x - wheel ?y - hub)
    :precondition (and (not-on-ground ?y) (on ?x ?y) (unfastened ?y))
    :effect (and (have ?x) (free ?y) (not (on ?x ?y))))
  (:action put-on-wheel
    :parameters (?x - wheel ?y - hub)
    :precondition (and (have ?x) (free ?y) (unfastened ?y) (not-on-ground ?y))
    :effect (and (on ?x ?y) (not (free ?y)) (not (have ?x))))
  (:action inflate
    :parameters (?x - wheel)
    :precondition (and (have pump) (not-inflated ?x) (intact ?x))
    :effect (and (inflated ?x) (not (not-inflated ?x)))))

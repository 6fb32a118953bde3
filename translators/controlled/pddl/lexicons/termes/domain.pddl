;; A robot builds towers of blocks on a grid. It climbs one block at a time, and gets its blocks at the depot.
;; @say move: the robot goes from {from} to {to}
;; @say move-up: the robot climbs from {from} up to {to}
;; @say move-down: the robot climbs from {from} down to {to}
;; @say place-block: the robot, at {rpos}, puts its block on {bpos}
;; @say remove-block: the robot, at {rpos}, takes a block from {bpos}
;; @say create-block: the robot gets a new block at the depot {p}
;; @say destroy-block: the robot gives its block back at the depot {p}
;; @say (at): the robot is at {p}
;; @say (height): the height at {p} is {h}
;; @say (has-block): the robot has a block
(define (domain termes)
  (:requirements :strips :typing :negative-preconditions)
  (:types numb position - object)
  (:predicates
    (height ?p - position ?h - numb) (at ?p - position) (has-block)
    (SUCC ?n1 ?n2 - numb) (NEIGHBOR ?p1 ?p2 - position) (IS-DEPOT ?p - position))
  (:action move
    :parameters (?from ?to - position ?h - numb)
    :precondition (and (at ?from) (NEIGHBOR ?from ?to) (height ?from ?h) (height ?to ?h))
    :effect (and (not (at ?from)) (at ?to)))
  (:action move-up
    :parameters (?from - position ?hfrom - numb ?to - position ?hto - numb)
    :precondition (and (at ?from) (NEIGHBOR ?from ?to) (height ?from ?hfrom) (height ?to ?hto) (SUCC ?hto ?hfrom))
    :effect (and (not (at ?from)) (at ?to)))
  (:action move-down
    :parameters (?from - position ?hfrom - numb ?to - position ?hto - numb)
    :precondition (and (at ?from) (NEIGHBOR ?from ?to) (height ?from ?hfrom) (height ?to ?hto) (SUCC ?hfrom ?hto))
    :effect (and (not (at ?from)) (at ?to)))
  (:action place-block
    :parameters (?rpos ?bpos - position ?hbefore ?hafter - numb)
    :precondition (and (at ?rpos) (NEIGHBOR ?rpos ?bpos) (height ?rpos ?hbefore) (height ?bpos ?hbefore)
                       (SUCC ?hafter ?hbefore) (has-block) (not (IS-DEPOT ?bpos)))
    :effect (and (not (height ?bpos ?hbefore)) (height ?bpos ?hafter) (not (has-block))))
  (:action remove-block
    :parameters (?rpos ?bpos - position ?hbefore ?hafter - numb)
    :precondition (and (at ?rpos) (NEIGHBOR ?rpos ?bpos) (height ?rpos ?hafter) (height ?bpos ?hbefore)
                       (SUCC ?hbefore ?hafter) (not (has-block)))
    :effect (and (not (height ?bpos ?hbefore)) (height ?bpos ?hafter) (has-block)))
  (:action create-block
    :parameters (?p - position)
    :precondition (and (at ?p) (not (has-block)) (IS-DEPOT ?p))
    :effect (has-block))
  (:action destroy-block
    :parameters (?p - position)
    :precondition (and (at ?p) (has-block) (IS-DEPOT ?p))
    :effect (not (has-block))))

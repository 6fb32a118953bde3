;; Robots with grippers carry things between rooms; every room can be reached from every other.
;; @say move: {r} goes from {from} to {to}
;; @say pick: {r} picks up {obj} in {room} with {g}
;; @say drop: {r} puts {obj} down in {room} from {g}
;; @say at-robby: {r} is in {x}
;; @say at: {o} is in {x}
;; @say free: {g} of {r} is free
;; @say carry: {r} carries {o} in {g}
(define (domain gripper-strips)
  (:requirements :strips :typing)
  (:types room object robot gripper)
  (:predicates
    (at-robby ?r - robot ?x - room) (at ?o - object ?x - room)
    (free ?r - robot ?g - gripper) (carry ?r - robot ?o - object ?g - gripper))
  (:action move
    :parameters (?r - robot ?from ?to - room)
    :precondition (at-robby ?r ?from)
    :effect (and (not (at-robby ?r ?from)) (at-robby ?r ?to)))
  (:action pick
    :parameters (?r - robot ?obj - object ?room - room ?g - gripper)
    :precondition (and (at-robby ?r ?room) (at ?obj ?room) (free ?r ?g))
    :effect (and (not (at ?obj ?room)) (not (free ?r ?g)) (carry ?r ?obj ?g)))
  (:action drop
    :parameters (?r - robot ?obj - object ?room - room ?g - gripper)
    :precondition (and (at-robby ?r ?room) (carry ?r ?obj ?g))
    :effect (and (not (carry ?r ?obj ?g)) (at ?obj ?room) (free ?r ?g))))

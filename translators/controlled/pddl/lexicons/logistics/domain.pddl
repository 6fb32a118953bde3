;; Packages go by truck within a city and by plane between airports.
;; @say load-truck: load {p} into {t} at {l}
;; @say unload-truck: unload {p} from {t} at {l}
;; @say load-plane: load {p} into {a} at {l}
;; @say unload-plane: unload {p} from {a} at {l}
;; @say drive: drive {t} from {from} to {to}
;; @say fly: fly {a} from {from} to {to}
;; @say at: {x} is at {l}
;; @say in: {p} is in {v}
;; @say in-city: {l} is in {c}
(define (domain logistics)
  (:requirements :strips :typing)
  (:types
    movable location city - object
    package vehicle - movable
    truck plane - vehicle
    airport - location)
  (:predicates (at ?x - movable ?l - location) (in ?p - package ?v - vehicle) (in-city ?l - location ?c - city))
  (:action load-truck
    :parameters (?p - package ?t - truck ?l - location)
    :precondition (and (at ?t ?l) (at ?p ?l))
    :effect (and (not (at ?p ?l)) (in ?p ?t)))
  (:action unload-truck
    :parameters (?p - package ?t - truck ?l - location)
    :precondition (and (at ?t ?l) (in ?p ?t))
    :effect (and (not (in ?p ?t)) (at ?p ?l)))
  (:action load-plane
    :parameters (?p - package ?a - plane ?l - airport)
    :precondition (and (at ?a ?l) (at ?p ?l))
    :effect (and (not (at ?p ?l)) (in ?p ?a)))
  (:action unload-plane
    :parameters (?p - package ?a - plane ?l - airport)
    :precondition (and (at ?a ?l) (in ?p ?a))
    :effect (and (not (in ?p ?a)) (at ?p ?l)))
  (:action drive
    :parameters (?t - truck ?from ?to - location ?c - city)
    :precondition (and (at ?t ?from) (in-city ?from ?c) (in-city ?to ?c))
    :effect (and (not (at ?t ?from)) (at ?t ?to)))
  (:action fly
    :parameters (?a - plane ?from ?to - airport)
    :precondition (at ?a ?from)
    :effect (and (not (at ?a ?from)) (at ?a ?to))))

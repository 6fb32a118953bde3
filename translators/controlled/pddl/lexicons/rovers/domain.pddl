;; Rovers drive between waypoints, take samples and pictures, and send what they found to a lander.
;; @say drive: {r} drives from {from} to {to}
;; @say take-sample: {r} takes a {m} sample at {w}
;; @say take-picture: {r} takes a picture of {o} from {w}
;; @say send-sample: {r} sends its {m} analysis of {w} from {at}
;; @say send-picture: {r} sends its picture of {o} from {at}
;; @say at: {r} is at {w}
;; @say lander-at: the lander is at {w}
;; @say way: there is a way from {a} to {b}
;; @say sees: {b} can be seen from {a}
;; @say sample-at: there is {m} at {w}
;; @say shows: {o} can be seen from {w}
;; @say can-analyse: {r} can analyse {m}
;; @say has-camera: {r} has a camera
;; @say sent-sample: the {m} analysis of {w} is sent
;; @say sent-picture: a picture of {o} is sent
(define (domain rovers)
  (:requirements :strips :typing)
  (:types rover waypoint material objective)
  (:predicates
    (at ?r - rover ?w - waypoint) (lander-at ?w - waypoint) (way ?a ?b - waypoint) (sees ?a ?b - waypoint)
    (sample-at ?m - material ?w - waypoint) (shows ?o - objective ?w - waypoint)
    (can-analyse ?r - rover ?m - material) (has-camera ?r - rover) (empty-store ?r - rover)
    (has-sample ?r - rover ?m - material ?w - waypoint) (has-picture ?r - rover ?o - objective)
    (sent-sample ?m - material ?w - waypoint) (sent-picture ?o - objective))
  (:action drive
    :parameters (?r - rover ?from ?to - waypoint)
    :precondition (and (at ?r ?from) (way ?from ?to))
    :effect (and (not (at ?r ?from)) (at ?r ?to)))
  (:action take-sample
    :parameters (?r - rover ?m - material ?w - waypoint)
    :precondition (and (at ?r ?w) (sample-at ?m ?w) (can-analyse ?r ?m) (empty-store ?r))
    :effect (and (not (sample-at ?m ?w)) (not (empty-store ?r)) (has-sample ?r ?m ?w)))
  (:action take-picture
    :parameters (?r - rover ?o - objective ?w - waypoint)
    :precondition (and (at ?r ?w) (shows ?o ?w) (has-camera ?r))
    :effect (has-picture ?r ?o))
  (:action send-sample
    :parameters (?r - rover ?m - material ?w ?at ?lander - waypoint)
    :precondition (and (at ?r ?at) (has-sample ?r ?m ?w) (lander-at ?lander) (sees ?at ?lander))
    :effect (and (sent-sample ?m ?w) (not (has-sample ?r ?m ?w)) (empty-store ?r)))
  (:action send-picture
    :parameters (?r - rover ?o - objective ?at ?lander - waypoint)
    :precondition (and (at ?r ?at) (has-picture ?r ?o) (lander-at ?lander) (sees ?at ?lander))
    :effect (sent-picture ?o)))

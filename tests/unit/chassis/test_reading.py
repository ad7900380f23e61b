"""What a reader notices, by steps alone: no broker, no clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.reading import PATIENCE, Delivery, Reading

BATCH = 4


def delivery(position: int, count: int) -> Delivery:
    """Return a message."""
    return Delivery("geju.facts.mediation.dispute.x", b"x", "$JS.ACK", position, count, 0)


def reading(floor: int = 0) -> Reading:
    """Return a reading that begins at second 0 and has sent its requests."""
    fresh = Reading(BATCH, floor, 0.0, 0)
    while fresh.asks():
        pass
    return fresh


@given(
    lost=st.sets(st.integers(1, 12)),
    doubled=st.sets(st.integers(1, 12)),
    order=st.permutations(range(1, 13)) | st.just(range(1, 13)),
)
def test_what_is_taken_is_always_a_beginning(lost: set[int], doubled: set[int], order: list[int]) -> None:
    """However deliveries are lost, doubled and shuffled: what a reader takes is all from the floor up to some place."""
    one, taken = reading(floor=100), []
    for number in order:
        for _ in range(2 if number in doubled else 1):
            if number not in lost:
                one.deliver(delivery(100 + number, number), 1.0)
        taken += [each.position for each in one.take(BATCH)]
    assert list(range(101, 101 + len(taken))) == taken


def test_what_was_in_hand_is_left_out_when_it_comes_again() -> None:
    """A message sent again under the next count is no news, and nothing is missing."""
    one = reading()
    for place, count in ((1, 1), (2, 2), (1, 3), (3, 4)):
        one.deliver(delivery(place, count), 1.0)
    assert ([1, 2, 3], "") == ([each.position for each in one.take(9)], one.problem)


def test_two_requests_are_kept_open() -> None:
    """A request is sent when one and a bit are left to come, not before; none while much is in hand."""
    one = Reading(BATCH, 0, 0.0, 0)
    assert [True, True, False] == [one.asks() for _ in range(3)]
    for number in range(1, BATCH + 1):
        one.deliver(delivery(number, number), 1.0)
    assert [True, False] == [one.asks() for _ in range(2)]
    one.tell("408", "Request Timeout", 3, 1.0)
    assert not one.asks()
    one.tell("408", "Request Timeout", None, 1.0)
    assert one.asks()


def test_silence_and_reconnects_are_noticed() -> None:
    """Reading starts anew without heartbeats, after a reconnect, when the consumer is gone; a heartbeat suffices."""
    silent, heard, elsewhere, gone = (reading() for _ in range(4))
    heard.tell("100", "Idle Heartbeat", None, PATIENCE)
    gone.tell("409", "Consumer Deleted", None, 1.0)
    after = PATIENCE + 0.1
    assert [True, False, True, True] == [
        silent.broken(after, 0),
        heard.broken(after, 0),
        elsewhere.broken(1.0, 1),
        gone.broken(1.0, 0),
    ]
    assert ["no heartbeat", "", "reconnected", "409 Consumer Deleted"] == [
        one.problem for one in (silent, heard, elsewhere, gone)
    ]


def test_after_a_problem_nothing_more_is_taken_in() -> None:
    """What comes after a gap comes again, so it is not taken in twice."""
    one = reading()
    one.deliver(delivery(2, 2), 1.0)
    one.deliver(delivery(1, 1), 1.0)
    assert (True, [], False) == (one.ready, one.take(9), one.asks())

"""The question that an answer repeats."""
from stage import Case


def omit(asked):
    reply = asked.message()
    assert reply.counts[0] == 0 and len(reply.answer) == 3


def other(asked):
    reply = asked.message()
    assert reply.questions == [("other.example.test.", 16, 3)]
    assert reply.answer[0].owner == asked.name + "."


def twice(asked):
    reply = asked.message()
    assert reply.questions == [(asked.name + ".", 1, 1)] * 2 and len(reply.answer) == 3


def case_of(function):
    def check(asked):
        name = "cASe-" + asked.name[5:]
        reply = asked.message(name=name)
        assert reply.questions[0][0] == function(name) + ".", reply.questions
        assert reply.answer[0].owner == name + "."
    return check


def random_case(asked):
    seen = {asked.message().questions[0][0] for _ in range(8)}
    assert len(seen) > 1 and {name.lower() for name in seen} == {asked.name + "."}


CASES = [
    Case("omit", "question: omit", omit),
    Case("other", "question: { name: other.example.test, type: TXT, class: CH }", other),
    Case("twice", "question: { twice: yes }", twice),
    Case("case-lower", "question: { case: lower }", case_of(str.lower)),
    Case("case-upper", "question: { case: upper }", case_of(str.upper)),
    Case("case-flip", "question: { case: flip }", case_of(str.swapcase)),
    Case("case-random", "question: { case: random }", random_case),
]

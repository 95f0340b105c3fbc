"""What people decide about houses: rounds of review, verdicts, answers."""

from .answers import Answer, AnswerWitness, Appeal
from .delegates import DelegateNaming
from .pledges import Pledge, PledgeText
from .rechecks import RecheckedHouse, RecheckSample
from .rounds import CommunityReview, ListedHouse, Reminder, ReviewRound, RoundExtension
from .verdicts import Verdict, VerdictPhoto

__all__ = [
    "Answer",
    "AnswerWitness",
    "Appeal",
    "CommunityReview",
    "DelegateNaming",
    "ListedHouse",
    "Pledge",
    "PledgeText",
    "RecheckSample",
    "RecheckedHouse",
    "Reminder",
    "ReviewRound",
    "RoundExtension",
    "Verdict",
    "VerdictPhoto",
]

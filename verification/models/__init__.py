"""What people decide about houses: rounds of review, verdicts, answers."""

from .answers import Answer, AnswerWitness, Appeal
from .delegates import DelegateNaming
from .pledges import Pledge, PledgeText
from .rechecks import DrawnHouse, Recheck, RecheckSample
from .rounds import CommunityReview, ListedHouse, Reminder, ReviewRound, RoundExtension
from .verdicts import Verdict, VerdictPhoto

__all__ = [
    "Answer",
    "AnswerWitness",
    "Appeal",
    "CommunityReview",
    "DelegateNaming",
    "DrawnHouse",
    "ListedHouse",
    "Pledge",
    "PledgeText",
    "Recheck",
    "RecheckSample",
    "Reminder",
    "ReviewRound",
    "RoundExtension",
    "Verdict",
    "VerdictPhoto",
]

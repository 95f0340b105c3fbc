"""What people decide about houses: rounds of review, verdicts, answers; cases, visits, proofs and proposals."""

from .answers import Answer, AnswerWitness, Appeal
from .cases import Case, Occurrence, StatusChange
from .delegates import DelegateNaming
from .papers import CasePhoto, Form31, Form31Wording, NumberReveal, ResidentsStatement, SignedForm31
from .pledges import Pledge, PledgeText
from .proposals import Act, Proposal
from .rechecks import DrawnHouse, Recheck, RecheckSample
from .rounds import CommunityReview, ListedHouse, Reminder, ReviewRound, RoundExtension
from .verdicts import Verdict, VerdictPhoto
from .visits import Attendance, Section, Stop, StopResult, TeamMember, VisitList

__all__ = [
    "Act",
    "Answer",
    "AnswerWitness",
    "Appeal",
    "Attendance",
    "Case",
    "CasePhoto",
    "CommunityReview",
    "DelegateNaming",
    "DrawnHouse",
    "Form31",
    "Form31Wording",
    "ListedHouse",
    "NumberReveal",
    "Occurrence",
    "Pledge",
    "PledgeText",
    "Proposal",
    "Recheck",
    "RecheckSample",
    "Reminder",
    "ResidentsStatement",
    "ReviewRound",
    "RoundExtension",
    "Section",
    "SignedForm31",
    "StatusChange",
    "Stop",
    "StopResult",
    "TeamMember",
    "Verdict",
    "VerdictPhoto",
    "VisitList",
]

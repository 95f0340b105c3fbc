"""The figures alone, as most tests ask for them."""

import datetime

from communities.models import District
from reports.figures import DistrictFigures, MonthFigures
from reports.indicators import count_month


def month_figures(district: District, month: datetime.date) -> MonthFigures:
    """The figures of the whole month."""
    return count_month(district, month).month


def figures_as_at(district: District, day: datetime.date) -> DistrictFigures:
    """The district's figures up to and including the day."""
    return count_month(district, day, until=day).month.at_end

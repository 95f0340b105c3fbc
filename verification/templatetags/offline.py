"""What a review page tells its queue on the phone."""

from django import template
from django.utils import timezone

from ..phone_owner import person_sign, visit_sign

register = template.Library()


@register.simple_tag(takes_context=True)
def phone(context: template.Context) -> dict[str, object]:
    """Whose words wait, to which visit the kept pages belong, and when this page was made (milliseconds, as in JS)."""
    request = context["request"]
    made_at = int(timezone.now().timestamp() * 1000)
    return {"person": person_sign(request.user), "visit": visit_sign(request), "made_at": made_at}

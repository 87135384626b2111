"""The second step of signing in, left out where a provider has asked for a second factor itself."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondStep(AuthenticateStage):  # type: ignore[misc]  # allauth comes without types
    """allauth's own, which believes such a provider."""

    def _should_handle(self, request: HttpRequest) -> bool:
        """Whether to ask."""
        shown = get_authentication_records(request, self.login.user)
        return not any(record.get("has_second_factor") for record in shown) and super()._should_handle(request)

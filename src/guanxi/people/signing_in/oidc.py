"""OpenID Connect: the authorization code flow with PKCE and nonce; every token is verified against the provider's keys."""

import base64
import hashlib
import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
import requests
from django.http import HttpRequest
from django.urls import reverse

from guanxi.core.errors import Conflict
from guanxi.people.models import IdentityProvider
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import pending
from guanxi.people.signing_in.factors_adapter import unseal
from guanxi.people.signing_in.persons import Person, ProviderError, Returned

PENDING = "guanxi_oidc"
TIMEOUT_SECONDS = 10
MOST_BYTES = 1_000_000
LEEWAY_SECONDS = 60
OLDEST_SECONDS = 30 * 86400
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

TOKEN_OUTCOMES: tuple[tuple[type[Exception], Outcome], ...] = (
    (jwt.ExpiredSignatureError, Outcome.NOT_NOW),
    (jwt.ImmatureSignatureError, Outcome.NOT_NOW),
    (jwt.InvalidAudienceError, Outcome.WRONG_AUDIENCE),
    (jwt.InvalidSignatureError, Outcome.WRONG_SIGNATURE),
    (jwt.InvalidAlgorithmError, Outcome.WRONG_SIGNATURE),
)


def is_allowed(address: str) -> bool:
    """Whether a provider may stand at an address: https, or plain http on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})


def _asked(method: str, address: str, **options: Any) -> dict[str, Any]:
    """What an address of the provider answers, as JSON; no redirects, not for long, not much."""
    if not is_allowed(address):
        raise ProviderError(f"not a secure address: {address[:200]}")
    try:
        with requests.request(
            method, address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True, **options
        ) as answer:
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            if answer.status_code != 200 or len(body) > MOST_BYTES:
                text = f"{address[:200]} answered {answer.status_code} with {len(body)} bytes"
                raise ProviderError(text, _outcome_of(answer.status_code))
            found = json.loads(body)
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        is_away = isinstance(error, OSError)  # whatever keeps the two apart, time running out among it
        outcome = Outcome.AWAY if is_away else Outcome.BAD_ANSWER
        raise ProviderError(f"{address[:200]}: {type(error).__name__}", outcome) from error
    if not isinstance(found, dict):
        raise ProviderError(f"{address[:200]} answered no object")
    return found


def _outcome_of(status: int) -> Outcome:
    """What a status of the provider means: it knows us not, it is away, or it makes no sense."""
    if status in {401, 403}:
        return Outcome.REFUSED_US
    return Outcome.AWAY if status >= 500 else Outcome.BAD_ANSWER


def configuration(provider: IdentityProvider) -> dict[str, Any]:
    """What the provider publishes of itself; it must be the issuer that was set."""
    issuer = str(provider.settings.get("issuer", "")).rstrip("/")
    found = _asked("GET", f"{issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderError("the published issuer is another one")
    return found


def callback_address(request: HttpRequest, provider: IdentityProvider) -> str:
    """Where the provider sends people back to."""
    return request.build_absolute_uri(reverse("oidc_callback", args=[provider.slug]))


def begin(request: HttpRequest, provider: IdentityProvider, next_address: str, is_proof: bool = False) -> str:
    """The address at the provider to send somebody to; what must come back is kept in their session.

    `is_proof`: it must ask them anew, whether or not they are signed in there.
    """
    found = configuration(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _part in range(3))
    pending.keep(request, PENDING, state, provider, next_address, is_proof, nonce=nonce, verifier=verifier)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.settings.get("client_id", ""),
        "redirect_uri": callback_address(request, provider),
        "scope": provider.settings.get("scopes") or "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        # Asked for a greatest age, a provider has to say when they signed in there (OpenID Connect Core 1.0, 2).
        **({"prompt": "login", "max_age": "0"} if is_proof else {"max_age": str(OLDEST_SECONDS)}),
    }
    return _with_query(str(found.get("authorization_endpoint", "")), query)


def _with_query(address: str, query: dict[str, str]) -> str:
    """An address of the provider with what it is to know."""
    if not is_allowed(address):
        raise ProviderError("the provider publishes no secure address")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def finish(request: HttpRequest, provider: IdentityProvider) -> Returned:
    """Who came back, and where they wanted to go; each beginning is finished once."""
    with pending.finishing(request, PENDING, request.GET.get("state", ""), provider) as begun:
        return _finished(request, provider, begun)


def _finished(request: HttpRequest, provider: IdentityProvider, begun: dict[str, Any]) -> Returned:
    """Who came back from what was begun here."""
    if "code" not in request.GET:
        said = request.GET.get("error", "nothing")
        outcomes = {
            "access_denied": Outcome.DECLINED,
            "temporarily_unavailable": Outcome.AWAY,
            "server_error": Outcome.AWAY,
        }
        raise ProviderError(f"the provider says {said[:80]!r}", outcomes.get(said, Outcome.BAD_ANSWER))
    found = configuration(provider)
    tokens = _tokens(request, provider, found, begun["verifier"])
    claims = verified(provider, found, str(tokens.get("id_token", "")), begun["nonce"])
    more = _more_claims(found, claims, str(tokens.get("access_token", "")))
    return Returned(_person(claims | more), str(begun["next"]), _signed_in_at(claims), bool(begun.get("is_proof")))


def _signed_in_at(claims: dict[str, Any]) -> datetime | None:
    """When they showed the provider who they are, None where it does not say; never a time still to come."""
    at = claims.get("auth_time")
    if not isinstance(at, int | float) or isinstance(at, bool) or not 0 < at < 2**40:
        return None
    if at > time.time() + LEEWAY_SECONDS:
        raise ProviderError("the sign-in at the provider does not count now", Outcome.NOT_NOW)
    return datetime.fromtimestamp(at, UTC)


def _tokens(request: HttpRequest, provider: IdentityProvider, found: dict[str, Any], verifier: str) -> dict[str, Any]:
    """Hand the code in for tokens."""
    client_id = str(provider.settings.get("client_id", ""))
    try:
        secret = unseal(provider.secret_sealed) if provider.secret_sealed else ""
    except Conflict as error:
        raise ProviderError(str(error), Outcome.REFUSED_US) from None
    data = {
        "grant_type": "authorization_code",
        "code": request.GET["code"],
        "redirect_uri": callback_address(request, provider),
        "code_verifier": verifier,
    }
    address = str(found.get("token_endpoint", ""))
    ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if secret and "client_secret_basic" in ways:
        # Each part is encoded as in a form before they are joined (RFC 6749, 2.3.1).
        return _asked("POST", address, data=data, auth=(quote_plus(client_id), quote_plus(secret)))
    return _asked("POST", address, data=data | {"client_id": client_id} | ({"client_secret": secret} if secret else {}))


def verified(provider: IdentityProvider, found: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that the provider has signed, for us, now, and in answer to what we asked."""
    client_id = str(provider.settings.get("client_id", ""))
    try:
        key = _key(found, jwt.get_unverified_header(token))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            audience=client_id,
            issuer=str(found["issuer"]),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        outcome = next((found for kind, found in TOKEN_OUTCOMES if isinstance(error, kind)), Outcome.BAD_ANSWER)
        raise ProviderError(f"the token is refused: {type(error).__name__}", outcome) from error
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ProviderError("the token answers another question", Outcome.NOT_ASKED)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise ProviderError("the token was made for another program", Outcome.WRONG_AUDIENCE)
    return claims


def _key(found: dict[str, Any], header: dict[str, Any]) -> Any:
    """The provider's key that a token says it was signed with."""
    if header.get("alg") not in ALGORITHMS:
        raise ProviderError("the token is not signed in a way that counts", Outcome.WRONG_SIGNATURE)
    listed = _asked("GET", str(found.get("jwks_uri", ""))).get("keys", [])
    keys = [key for key in listed if isinstance(key, dict) and key.get("use") != "enc"]
    named = [key for key in keys if key.get("kid") == header.get("kid")] if header.get("kid") else keys
    if len(named) != 1:
        raise ProviderError("the key of the token is not among the provider's", Outcome.WRONG_SIGNATURE)
    return jwt.PyJWK(named[0], algorithm=str(header["alg"])).key


def _more_claims(found: dict[str, Any], claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """What the provider tells besides; about nobody else."""
    address = found.get("userinfo_endpoint")
    if not address or not access_token:
        return {}
    more = _asked("GET", str(address), headers={"Authorization": f"Bearer {access_token}"})
    if more.get("sub") != claims["sub"]:
        raise ProviderError("the provider tells of somebody else")
    return {key: value for key, value in more.items() if key not in {"iss", "aud", "exp", "iat", "nonce"}}


def _person(claims: dict[str, Any]) -> Person:
    """Somebody out of their claims."""
    return Person(
        subject=str(claims["sub"]),
        email=str(claims.get("email") or ""),
        is_email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or ""),
        username=str(claims.get("preferred_username") or ""),
        claims=claims,
    )


def leaving_address(request: HttpRequest, provider: IdentityProvider) -> str:
    """Where somebody signs out at the provider too, '' where it offers nothing."""
    back = request.build_absolute_uri(reverse("account_login"))
    query = {"client_id": str(provider.settings.get("client_id", "")), "post_logout_redirect_uri": back}
    try:
        return _with_query(str(configuration(provider).get("end_session_endpoint") or ""), query)
    except ProviderError:
        return ""

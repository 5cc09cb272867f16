"""Requests, answers and errors of the client."""
from __future__ import annotations

import json
import re
from typing import Any, Iterator
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener


class Problem(Exception):
    """A request that was refused (RFC 9457). `type` is stable, e.g. `badRequest`; `detail` is for people."""

    def __init__(self, status: int, body: dict[str, Any], retry_after: int | None = None) -> None:
        self.status = status
        self.type = str(body.get("type", "")).removeprefix("urn:bounced:problem:")
        self.title = str(body.get("title", ""))
        self.detail = str(body.get("detail", ""))
        self.issues: list[dict[str, str]] = list(body.get("issues") or [])
        self.request_id = str(body.get("requestId", ""))
        self.retry_after = retry_after
        super().__init__(f"{status} {self.type or self.title}: {self.detail}")


class _NoRedirect(HTTPRedirectHandler):
    """The token is for one server."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Transport:
    def __init__(self, url: str = "http://127.0.0.1:8025", *, token: str, timeout: float = 30) -> None:
        """url: where the service is, with its base path; timeout: seconds without an octet."""
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._opener = build_opener(_NoRedirect)

    @staticmethod
    def _path(template: str, **values: object) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: quote(str(values[match[1]]), safe=""), template)

    def _open(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        content: bytes | str | None = None,
        content_type: str = "application/json",
    ) -> Any:
        given = {name: _text_of(value) for name, value in (query or {}).items() if value is not None}
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "*/*"}
        data = content.encode() if isinstance(content, str) else content
        if body is not None:
            data = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        if data is not None:
            headers["Content-Type"] = content_type
        url = f"{self._url}{path}{'?' + urlencode(given) if given else ''}"
        try:
            return self._opener.open(Request(url, data=data, headers=headers, method=method), timeout=self._timeout)
        except HTTPError as error:
            with error:
                raise _problem_of(error) from None

    def _json(self, *request: Any, **given: Any) -> Any:
        with self._open(*request, **given) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def _octets(self, *request: Any, **given: Any) -> bytes:
        with self._open(*request, **given) as answer:
            return answer.read()

    def _lines(self, *request: Any, **given: Any) -> Iterator[str]:
        """One at a time, however many there are."""
        with self._open(*request, **given) as answer:
            for line in answer:
                yield line.decode().rstrip("\r\n")


def _text_of(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(_text_of(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem_of(error: HTTPError) -> Problem:
    text = error.read(1_000_000)
    try:
        body = json.loads(text)
    except ValueError:
        body = {"title": error.reason, "detail": text.decode(errors="replace")[:500]}
    wait = error.headers.get("retry-after", "")
    return Problem(error.code, body if isinstance(body, dict) else {}, int(wait) if wait.isdigit() else None)

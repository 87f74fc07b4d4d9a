"""No address of our own network is reached, however it is spelt and whatever leads there."""

import pytest

from microblog.outgoing import Fetched, OutgoingError, fetch
from microblog.outgoing.addresses import is_public
from tests.outgoing.internet import NameServer, OtherServer, get, redirect_to


def get_as_stranger(url: str) -> Fetched:
    """Fetch from a host that just anybody named."""
    return fetch(url, max_bytes=10_000, timeout_seconds=5, accept="*/*")


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1"),
        *("fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "100::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001::1", "2001:db8::1", "2001:20::1"),
        *("2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1"),
    ],
)
def test_an_address_of_a_network_of_ones_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1"),
        *("172.15.255.255", "172.32.0.1", "192.167.255.255", "192.169.0.1", "223.255.255.255"),
        *("2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2003::1"),
    ],
)
def test_an_address_that_everybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0"),
        *("localhost", "LOCALHOST", "localhost.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]"),
        *("127。0。0。1", "①②⑦.⓪.⓪.①"),
    ],
)
def test_this_machine_is_refused_however_it_is_spelt(server: OtherServer, host: str) -> None:
    server.answers["/"] = lambda h: h.answer(200, b"secret")
    with pytest.raises(OutgoingError) as error:
        get_as_stranger(server.url(host=host))
    assert error.value.code in {"refused", "unreachable"}
    assert server.requests == []


def test_a_name_that_leads_into_our_network_is_refused(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["inside.example"] = [["127.0.0.1", "10.0.0.1", "169.254.169.254"]]
    with pytest.raises(OutgoingError, match="refused"):
        get_as_stranger(server.url(host="inside.example"))
    assert server.requests == []


def test_a_name_is_looked_up_once_and_its_checked_address_used(
    server: OtherServer, names: NameServer
) -> None:
    # A second look-up would lead to a closed port.
    names.answers["pictures.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="pictures.example")).body == b"picture"
    assert names.asked == ["pictures.example"]
    assert server.requests[0][1]["Host"] == f"pictures.example:{server.port}"


def test_the_name_is_checked_again_for_every_redirect(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["pictures.example"] = [["127.0.0.1"]]
    names.answers["inside.example"] = [["127.0.0.1"]]
    server.answers["/"] = redirect_to(server.url("/secret", host="inside.example"))
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url(host="pictures.example"))
    assert server.paths() == ["/"]


def test_the_next_address_of_a_name_is_tried(server: OtherServer, names: NameServer) -> None:
    names.answers["pictures.example"] = [["127.0.0.2", "127.0.0.1"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="pictures.example")).body == b"picture"


def test_a_name_of_another_script_is_looked_up_as_name_servers_know_it(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["xn--bcher-kva.example"] = [["127.0.0.1"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="bücher.example")).body == b"picture"


def test_a_name_without_an_address_is_unreachable(names: NameServer) -> None:
    with pytest.raises(OutgoingError, match="unreachable"):
        get("http://nowhere.example/")


@pytest.mark.parametrize(
    "url",
    [
        *("", "picture.png", "/picture.png", "//example.com/", "file:///etc/passwd"),
        *("ftp://example.com/", "data:image/png,x", "javascript:alert(1)", "http:", "http://"),
        *("http:///a", "http://a\nb/", "http://a\0b/", "http://example.com:x/"),
        *("http://example.com:99999/", "http://user@example.com/", "http://:secret@example.com/"),
        *(
            "http://[::1/",
            f"http://example.com/{'a' * 10_000}",
        ),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(OutgoingError, match="refused"):
        get(url)


def test_a_url_that_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(OutgoingError, match="refused"):
        get("http://\udcff.example/\udcff")

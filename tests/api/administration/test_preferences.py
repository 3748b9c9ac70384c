"""What a person keeps for a page is theirs alone, small, and the last one wins."""

from __future__ import annotations

from tests.factories.cases import Cast


def test_kept_per_person(cast: Cast) -> None:
    fenliu, address = cast.desk("fenliu"), "/staff/preferences/queue.columns"
    assert fenliu.get(address).json == {"value": None}
    assert fenliu._send("PUT", address, json={"value": {"hidden": ["due"]}}).status_code == 200
    fenliu._send("PUT", address, json={"value": {"hidden": ["place"]}})
    assert fenliu.get(address).json == {"value": {"hidden": ["place"]}}
    assert cast.desk("fenliu2").get(address).json == {"value": None}


def test_too_much_is_refused(cast: Cast) -> None:
    fenliu = cast.desk("fenliu")
    large = {"value": {"hidden": ["长" * 4000]}}
    assert fenliu._send("PUT", "/staff/preferences/queue.columns", json=large).status_code == 413
    for number in range(30):
        assert fenliu._send("PUT", f"/staff/preferences/p{number}", json={"value": {}}).status_code == 200
    assert fenliu._send("PUT", "/staff/preferences/one.more", json={"value": {}}).status_code == 422
    assert fenliu.get("/staff/preferences/%E4%B8%AD").status_code == 404

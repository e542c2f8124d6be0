"""Settings come from the file, then the environment, and a bad one refuses to start and names its key."""

from pathlib import Path

import pytest

from server.settings import BadSetting, child_environment, load


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text("http_port = 9000\ndicom_port = 9001\n")
    loaded = load(file, environ={"LUTONG_HTTP_PORT": "9100"})
    assert loaded.settings.http_port == 9100
    assert loaded.settings.dicom_port == 9001
    assert loaded.sources["http_port"] == "LUTONG_HTTP_PORT"
    assert loaded.sources["dicom_port"] == str(file)


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        ({"LUTONG_HTTP_PORT": "many"}, "http_port"),
        ({"LUTONG_HTTP_PROT": "8080"}, "http_prot"),
        ({"LUTONG_AE_TITLE": "A TITLE THAT IS TOO LONG"}, "ae_title"),
        ({"LUTONG_DATABASE_URL": "mysql://somewhere"}, "database_url"),
        ({"LUTONG_STORAGE_URL": "s3://bucket"}, "storage_url"),
        ({"LUTONG_TLS_CERT": "cert.pem"}, "tls_cert"),
        ({"LUTONG_TURN_URLS": "turn:turn.example:3478"}, "turn_secret"),
        ({"LUTONG_TURN_SECRET": "shared"}, "turn_secret"),
        ({"LUTONG_TURN_URLS": "stun:turn.example", "LUTONG_TURN_SECRET": "shared"}, "turn_urls"),
        ({"LUTONG_CLOCK_FILE": "clock"}, "clock_file"),
        ({"LUTONG_MEDIA_PORT": "65535", "LUTONG_MEDIA_WORKERS": "2"}, "media_port"),
        ({"LUTONG_MEDIA_WORKERS": "-1"}, "media_workers"),
        ({"LUTONG_DATA_DIR": "/" + "long" * 30}, "data_dir"),
    ],
)
def test_a_bad_setting_is_refused_by_name(environ: dict[str, str], key: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        load(environ=environ)
    assert refusal.value.key == key


def test_a_demo_listens_on_loopback_only() -> None:
    with pytest.raises(BadSetting) as refusal:
        load(demo=True, environ={"LUTONG_BIND": "0.0.0.0"})
    assert refusal.value.key == "bind"
    assert load(demo=False, environ={"LUTONG_BIND": "0.0.0.0"}).settings.bind == "0.0.0.0"


def test_a_child_process_sees_the_very_same_settings() -> None:
    loaded = load(demo=True, environ={"LUTONG_HTTP_PORT": "8181", "LUTONG_CLOCK_FILE": "offset"})
    again = load(environ=child_environment(loaded.settings, base={"PATH": "/bin", "LUTONG_REGION": "000000"}))
    assert again.settings.model_dump(exclude={"data_dir"}) == loaded.settings.model_dump(exclude={"data_dir"})
    assert again.settings.data_path == loaded.settings.data_path


def test_each_media_worker_has_a_port_of_its_own() -> None:
    one = load(environ={"LUTONG_MEDIA_PORT": "40000", "LUTONG_MEDIA_WORKERS": "3"}).settings
    assert list(one.media_ports) == [40000, 40001, 40002]
    assert 1 <= len(load(environ={}).settings.media_ports) <= 16

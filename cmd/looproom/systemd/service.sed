# Makes of looproom.toml the settings that the unit starts with: sed -f systemd/service.sed looproom.toml >/etc/looproom.toml
s,^#state = "",state = "/var/lib/looproom/state",
s,^#files = "",files = "/var/lib/looproom",
s,^#admin = "",admin = "127.0.0.1:7780",

//! What an operator may set, and what they are told when it is wrong.

mod support;

use std::{fs, path::Path};

use server::{config::DatabaseUrl, db::Database};
use support::process::{program, run, stderr, stdout};

/// Runs `check-config` with a file and variables; gives exit code and output.
fn check(file: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    if !file.is_empty() {
        fs::write(folder.path().join("meetframe.toml"), file).expect("a file");
    }
    let mut command = program(folder.path());
    command.arg("check-config").envs(variables.iter().copied());
    let output = run(command);
    let text = stdout(&output) + &stderr(&output);
    (output.status.code().expect("an exit code"), text)
}

/// Says that the settings are wrong, and all of these words.
fn refused(file: &str, variables: &[(&str, &str)], words: &[&str]) {
    let (code, text) = check(file, variables);
    assert_eq!(code, 78, "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is missing in:\n{text}");
    }
}

#[test]
fn nothing_needs_to_be_set() {
    let (code, text) = check("", &[]);
    assert_eq!(code, 0);
    for line in [
        "[http]",
        r#"listen = "0.0.0.0:3000" # default"#,
        "# public_url is not set",
        r#"listen = "0.0.0.0:10000" # default"#,
        "announce = [] # default",
        "workers = 0 # default",
        r#"url = "sqlite:data/meetframe.db" # default"#,
        r#"level = "info" # default"#,
        r#"format = "text" # default"#,
    ] {
        assert!(text.contains(line), "{line:?} is missing in:\n{text}");
    }
}

#[test]
fn environment_wins_over_the_file() {
    let file = "[http]\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"json\"\n";
    let (code, text) = check(file, &[("MEETFRAME__HTTP__LISTEN", "127.0.0.1:2")]);
    assert_eq!(code, 0, "{text}");
    let from_environment =
        r#"listen = "127.0.0.1:2" # environment variable MEETFRAME__HTTP__LISTEN"#;
    assert!(text.contains(from_environment), "{text}");
    assert!(
        text.contains(r#"format = "json" # meetframe.toml"#),
        "{text}"
    );
}

#[test]
fn what_is_printed_can_be_read_again() {
    let file = "[http]\npublic_url = \"https://meet.example.org\"\n\
                [media]\nlisten = \"[::]:5000\"\nannounce = [\"192.0.2.1\", \"2001:db8::1\"]\nworkers = 3\n\
                [database]\nurl = \"sqlite:///var/lib/meetframe/a.db\"\n\
                [log]\nlevel = \"info,media=debug\"\n";
    let (code, first) = check(file, &[]);
    assert_eq!(code, 0, "{first}");
    let (code, second) = check(&first, &[]);
    assert_eq!(code, 0, "{second}");
    let settings = |text: &str| -> Vec<String> {
        let without_source = |line: &str| line.split(" # ").next().unwrap_or("").to_owned();
        text.lines().map(without_source).collect()
    };
    assert_eq!(settings(&first), settings(&second));
    for part in [
        "192.0.2.1",
        "2001:db8::1",
        "workers = 3",
        "/var/lib/meetframe/a.db",
    ] {
        assert!(second.contains(part), "{second}");
    }
}

#[test]
fn lists_may_have_commas_in_the_environment() {
    let (code, text) = check(
        "",
        &[("MEETFRAME__MEDIA__ANNOUNCE", "192.0.2.1, 2001:db8::1")],
    );
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains(r#"announce = ["192.0.2.1","2001:db8::1"]"#),
        "{text}"
    );
    let (code, text) = check("", &[("MEETFRAME__MEDIA__ANNOUNCE", r#"["192.0.2.1"]"#)]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = check("", &[("MEETFRAME__MEDIA__ANNOUNCE", "192.0.2.7")]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("192.0.2.7"), "{text}");
}

#[test]
fn unknown_keys_are_named_with_their_place_and_the_known_ones() {
    refused(
        "[http]\nlisen = \"1\"\n",
        &[],
        &["http.lisen", "meetframe.toml", "listen, public_url"],
    );
    refused(
        "[htp]\nlisten = \"1\"\n",
        &[],
        &[
            "htp",
            "meetframe.toml",
            "http, media, recording, database, api, log, metrics",
        ],
    );
    refused(
        "",
        &[("MEETFRAME__MEDIA__WORKRS", "2")],
        &[
            "media.workrs",
            "MEETFRAME__MEDIA__WORKRS",
            "listen, announce, workers",
        ],
    );
    refused(
        "",
        &[("MEETFRAME__NONSENSE", "2")],
        &["nonsense", "MEETFRAME__NONSENSE", "http, media"],
    );
}

#[test]
fn wrong_values_are_named_with_their_place_and_the_right_ones() {
    refused(
        "[http]\nlisten = \"nowhere\"\n",
        &[],
        &["http.listen", "meetframe.toml", "127.0.0.1:3000"],
    );
    refused(
        "",
        &[("MEETFRAME__HTTP__LISTEN", "3000")],
        &["http.listen", "MEETFRAME__HTTP__LISTEN", "127.0.0.1:3000"],
    );
    refused(
        "[media]\nworkers = \"many\"\n",
        &[],
        &["media.workers", "meetframe.toml", "0 to 256"],
    );
    refused(
        "",
        &[("MEETFRAME__MEDIA__WORKERS", "-1")],
        &["media.workers", "0 to 256"],
    );
    refused(
        "",
        &[("MEETFRAME__MEDIA__WORKERS", "1000")],
        &["media.workers", "MEETFRAME__MEDIA__WORKERS", "0 to 256"],
    );
    refused(
        "[media]\nlisten = \"0.0.0.0:65535\"\nworkers = 2\n",
        &[],
        &["media.workers", "65535"],
    );
    refused(
        "",
        &[("MEETFRAME__MEDIA__ANNOUNCE", "192.0.2.1,here")],
        &[
            "media.announce",
            "here",
            "MEETFRAME__MEDIA__ANNOUNCE",
            "203.0.113.5",
        ],
    );
    refused(
        "[media]\nannounce = [\"0.0.0.0\"]\n",
        &[],
        &["media.announce", "0.0.0.0"],
    );
    refused(
        "[log]\nformat = \"xml\"\n",
        &[],
        &["log.format", "xml", "meetframe.toml", "text, json"],
    );
    refused(
        "[log]\nlevel = \"inof\"\n",
        &[],
        &["log.level", "inof", "debug"],
    );
}

#[test]
fn public_url_must_be_one_that_a_browser_can_use() {
    for url in [
        "meet.example.org",
        "ftp://a.example",
        "https://",
        "https://a.example/meet",
        "a b",
    ] {
        refused(
            "",
            &[("MEETFRAME__HTTP__PUBLIC_URL", url)],
            &["http.public_url", "https://meet"],
        );
    }
    for url in [
        "https://meet.example.org",
        "https://meet.example.org/",
        "http://10.0.0.1:8080",
    ] {
        let (code, text) = check("", &[("MEETFRAME__HTTP__PUBLIC_URL", url)]);
        assert_eq!(code, 0, "{text}");
    }
}

#[test]
fn other_databases_are_refused_without_showing_their_passwords() {
    let url = "mysql://meetframe:hunter2@db/meetframe";
    let (code, text) = check("", &[("MEETFRAME__DATABASE__URL", url)]);
    assert_eq!(code, 78, "{text}");
    assert!(
        text.contains("database.url") && text.contains("mysql"),
        "{text}"
    );
    assert!(
        text.contains("MEETFRAME__DATABASE__URL") && text.contains("sqlite:"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
    for url in [
        "data.db",
        "sqlite:",
        "sqlite::memory:",
        "sqlite:a.db?mode=ro",
    ] {
        refused(
            "",
            &[("MEETFRAME__DATABASE__URL", url)],
            &["database.url", "sqlite:data/"],
        );
    }
}

#[test]
fn password_of_postgresql_is_never_shown() {
    for url in [
        "postgres://meetframe:hunter2@db:5433/meetframe?sslmode=verify-full",
        "postgresql://:hunter2@db/meetframe",
    ] {
        let (code, text) = check("", &[("MEETFRAME__DATABASE__URL", url)]);
        assert_eq!(code, 0, "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        let shown = url.replace("hunter2", "(set)");
        assert!(text.contains(&shown), "{shown} is missing in:\n{text}");
        // with that in its place it is a setting again
        let (code, text) = check("", &[("MEETFRAME__DATABASE__URL", &shown)]);
        assert_eq!(code, 0, "{text}");
    }
    for url in [
        "postgres://meetframe@db/meetframe?password=hunter2",
        "postgres://meetframe:hunter2@db:no/meetframe",
        "postgres://meetframe:hunter2#@db:5433/meetframe?sslmod=verify-full",
        "postgres:// hunter2",
    ] {
        let (code, text) = check("", &[("MEETFRAME__DATABASE__URL", url)]);
        assert_eq!(code, 78, "{url}: {text}");
        assert!(text.contains("database.url"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn number_of_connections_has_bounds() {
    for (number, possible) in [("1", false), ("2", true), ("1000", true), ("1001", false)] {
        let (code, text) = check("", &[("MEETFRAME__DATABASE__CONNECTIONS", number)]);
        assert_eq!(code == 0, possible, "{text}");
        assert!(text.contains("connections"), "{text}");
    }
}

#[test]
fn broken_file_is_named() {
    refused("[http\nlisten=1", &[], &["meetframe.toml"]);
    refused("http = 3\n", &[], &["http", "meetframe.toml"]);
}

#[test]
fn file_may_be_elsewhere_but_must_be_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("other.toml");
    fs::write(&file, "[log]\nlevel = \"warn\"\n").expect("a file");
    let path = file.to_str().expect("a path");
    let (code, text) = check("[log]\nlevel = \"error\"\n", &[("MEETFRAME_CONFIG", path)]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(r#"level = "warn""#), "{text}");
    refused(
        "",
        &[("MEETFRAME_CONFIG", "/no/such.toml")],
        &["MEETFRAME_CONFIG", "/no/such.toml"],
    );
}

#[test]
fn wrong_settings_stop_the_start_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program(folder.path());
    command.env("MEETFRAME__HTTP__LISEN", "x");
    let output = run(command);
    assert_eq!(output.status.code(), Some(78));
    assert!(stderr(&output).contains("MEETFRAME__HTTP__LISEN"));
}

#[test]
fn help_and_version_are_there_and_wrong_arguments_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let ask = |argument: &str| {
        let mut command = program(folder.path());
        command.arg(argument);
        run(command)
    };
    let help = ask("--help");
    assert_eq!(help.status.code(), Some(0));
    for word in ["serve", "check-config", "MEETFRAME_CONFIG"] {
        assert!(stdout(&help).contains(word), "{}", stdout(&help));
    }
    let version = ask("--version");
    assert!(stdout(&version).starts_with("meetframe "));
    assert_eq!(ask("dance").status.code(), Some(2));
}

/// Starts the server with variables; gives what it says when it fails.
fn fails_to_start(folder: &Path, variables: &[(&str, &str)]) -> String {
    let mut command = program(folder);
    command
        .env("MEETFRAME__HTTP__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__MEDIA__LISTEN", "127.0.0.1:0")
        .envs(variables.iter().copied());
    let output = run(command);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    stderr(&output)
}

#[test]
fn missing_site_is_told_with_the_places_that_were_searched() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fails_to_start(folder.path(), &[("LEPTOS_SITE_ROOT", "/no/such/site")]);
    assert!(
        text.contains("/no/such/site") && text.contains("LEPTOS_SITE_ROOT"),
        "{text}"
    );
}

#[test]
fn site_of_another_build_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    support::write_site(&site);
    fs::remove_file(site.join("pkg/meetframe.bb22.wasm")).expect("removed");
    let root = site.to_str().expect("a path");
    let text = fails_to_start(folder.path(), &[("LEPTOS_SITE_ROOT", root)]);
    assert!(
        text.contains("pkg/meetframe.bb22.wasm is missing"),
        "{text}"
    );
}

#[test]
fn data_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    support::write_site(&site);
    fs::write(folder.path().join("file"), "").expect("a file");
    let root = site.to_str().expect("a path");
    let url = format!("sqlite:{}", folder.path().join("file/data/a.db").display());
    let variables = [
        ("LEPTOS_SITE_ROOT", root),
        ("MEETFRAME__DATABASE__URL", &url),
    ];
    let text = fails_to_start(folder.path(), &variables);
    assert!(
        text.contains("data folder") && text.contains("file/data"),
        "{text}"
    );
}

#[test]
fn port_that_is_taken_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    support::write_site(&site);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let root = site.to_str().expect("a path");
    let variables = [
        ("LEPTOS_SITE_ROOT", root),
        ("MEETFRAME__HTTP__LISTEN", &address),
    ];
    let text = fails_to_start(folder.path(), &variables);
    assert!(
        text.contains(&address) && text.contains("http.listen"),
        "{text}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let file = support::database::file(folder.path());
    let config = DatabaseUrl::sqlite(&file).into();
    let database = Database::open(&config).await;
    database.expect("a database").close().await;
    let mode = |path: &Path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(file.parent().expect("a folder")), 0o700);
    assert_eq!(mode(&file), 0o600);
}

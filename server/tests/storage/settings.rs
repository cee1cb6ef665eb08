//! What an operator may set, and what `check-config` says of it.

use std::{fs, process::Command};

use crate::{
    s3::{BUCKET, KEY, Store},
    support::process::{program, run, stderr, stdout},
};

/// Runs `check-config`; gives exit code and output.
fn check(file: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("meetframe.toml"), file).expect("a file");
    fs::write(folder.path().join("secret"), format!("{}\n", KEY.1)).expect("a file");
    let mut command: Command = program(folder.path());
    command.arg("check-config").envs(variables.iter().copied());
    let output = run(command);
    let text = stdout(&output) + &stderr(&output);
    (output.status.code().expect("an exit code"), text)
}

fn file(store: &Store) -> String {
    format!(
        "[recording.storage]\nkind = \"s3\"\nbucket = \"{BUCKET}\"\nallow_http = true\n\
         endpoint = \"http://{}\"\naccess_key = \"{}\"\n",
        store.address, KEY.0
    )
}

#[tokio::test]
async fn check_config_asks_the_store() {
    let store = Store::new();
    let file = file(&store);
    let secret = ("MEETFRAME__RECORDING__STORAGE__SECRET_KEY", KEY.1);
    let (code, text) = check(&file, &[secret]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("store_unreachable"), "{text}");
    let _running = store.start();
    let (code, text) = check(&file, &[secret]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("[recording.storage]"), "{text}");
    assert!(text.contains(&format!("s3://{BUCKET}")), "{text}");
    assert!(text.contains("which takes them"), "{text}");
    assert!(text.contains("secret_key = \"(set)\""), "{text}");
    let wrong = ("MEETFRAME__RECORDING__STORAGE__SECRET_KEY", "hush-hush");
    let (code, text) = check(&file, &[wrong]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("store_denied"), "{text}");
    assert!(!text.contains("hush-hush"), "{text}");
    let (code, text) = check(&format!("{file}secret_key_file = \"secret\"\n"), &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("which takes them"), "{text}");
}

#[test]
fn what_cannot_be_is_refused_at_the_start() {
    let base = "[recording.storage]\nkind = \"s3\"\n";
    let keys = "access_key = \"a\"\nsecret_key = \"hush-hush\"\n";
    for (file, key) in [
        (String::new(), "bucket"),
        ("bucket = \"videos\"\n".to_owned(), "access_key"),
        (
            "bucket = \"videos\"\naccess_key = \"a\"\n".to_owned(),
            "secret_key",
        ),
        (
            "bucket = \"videos\"\naccess_key = \"a\"\nsecret_key_file = \"none\"\n".to_owned(),
            "secret_key_file",
        ),
        (
            format!("{keys}bucket = \"videos\"\nsecret_key_file = \"secret\"\n"),
            "secret_key_file",
        ),
        (format!("{keys}bucket = \"No Bucket\"\n"), "bucket"),
        (
            format!("{keys}bucket = \"videos\"\nprefix = \"/a\"\n"),
            "prefix",
        ),
        (
            format!("{keys}bucket = \"videos\"\nendpoint = \"http://s3.example\"\n"),
            "endpoint",
        ),
        (
            format!("{keys}bucket = \"videos\"\nendpoint = \"https://a:hush-hush@s3.example\"\n"),
            "endpoint",
        ),
    ] {
        let (code, text) = check(&format!("{base}{file}"), &[]);
        assert_eq!(code, 78, "{text}");
        let named = format!("recording.storage.{key}: ");
        assert!(text.contains(&named), "{named} is missing in:\n{text}");
        assert!(text.contains("allowed: "), "{text}");
        assert!(!text.contains("hush-hush"), "{text}");
    }
    let (code, text) = check("[recording.storage]\nkind = \"ftp\"\n", &[]);
    assert_eq!(code, 78, "{text}");
    assert!(text.contains("recording.storage.kind"), "{text}");
}

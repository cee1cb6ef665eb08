//! What an operator may set for tenants, and what they are told when it is
//! wrong.

mod support;

use std::{fs, path::Path};

use rsa::{
    BigUint, RsaPrivateKey, RsaPublicKey,
    pkcs1::EncodeRsaPublicKey,
    pkcs8::{EncodePublicKey, LineEnding},
    rand_core::OsRng,
};
use support::{
    process::{program, run, stderr, stdout},
    tenant::PUBLIC_KEY,
};

const SECRET: &str = "hush: a secret of at least thirty-two bytes";

/// Runs `check-config`; gives the exit code and all that was said.
fn check_in(folder: &Path, file: &str, variables: &[(&str, &str)]) -> (i32, String) {
    fs::write(folder.join("meetframe.toml"), file).expect("a file");
    let mut command = program(folder);
    command.arg("check-config").envs(variables.iter().copied());
    let output = run(command);
    let text = stdout(&output) + &stderr(&output);
    assert!(!text.contains("hush"), "a secret is shown:\n{text}");
    (output.status.code().expect("an exit code"), text)
}

fn check(file: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    check_in(folder.path(), file, variables)
}

fn refused(file: &str, words: &[&str]) {
    let (code, text) = check(file, &[]);
    assert_eq!(code, 78, "{file}\n{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is missing in:\n{text}");
    }
}

#[test]
fn all_settings_are_shown_and_secrets_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("b.pub"), PUBLIC_KEY).expect("a file");
    let file = format!(
        r##"
        [[tenants]]
        hostname = "*"
        require_token = true
        [[tenants]]
        hostname = "lms.example.org"
        embed_origins = ["https://lms.example.org"]
        access_url = "https://lms.example.org/check"
        access_authorization = "Basic {SECRET}"
        event_url = "https://lms.example.org/events"
        event_authorization = "Bearer {SECRET}"
        event_secret = "whsec_hush5hush5hush5hush5hush5hush5hush5hush5"
        jwt_keys = [
            {{ kid = "a", alg = "HS256", secret = "{SECRET}" }},
            {{ kid = "b", alg = "RS256", public_key_file = "b.pub" }},
        ]
        brand = {{ name = "Acme", logo = "/logo.svg", accent = "#0a7a3f" }}
        language = "de"
        max_broadcasters = 20
        token_leeway_seconds = 0
        "##
    );
    let (code, text) = check_in(folder.path(), &file, &[]);
    assert_eq!(code, 0, "{text}");
    for line in [
        "require_token = true # meetframe.toml",
        r#"access_authorization = "(set)" # meetframe.toml"#,
        r#"event_secret = "(set)" # meetframe.toml"#,
        r#"secret = "(set)""#,
        r#"public_key_file = "b.pub""#,
        r#"name = "Acme""#,
        "max_broadcasters = 20 # meetframe.toml",
        "max_watchers = 0 # default",
    ] {
        assert!(text.contains(line), "{line:?} is missing in:\n{text}");
    }
    assert_eq!(text.matches("[[tenants]]").count(), 2);
}

#[test]
fn what_is_printed_can_be_read_again() {
    let file = "[[tenants]]\nembed_origins = [\"https://a.example\"]\nlanguage = \"de\"\n\
                brand = { name = \"Acme \\\"&\\\" Sons\" }\n";
    let (code, first) = check(file, &[]);
    assert_eq!(code, 0, "{first}");
    let (code, second) = check(&first, &[]);
    assert_eq!(code, 0, "{second}");
    assert!(second.contains(r#"name = "Acme \"&\" Sons""#), "{second}");
}

#[test]
fn tenants_may_stand_in_the_environment() {
    let value = r#"[{hostname="*",require_token=true,language="lb"}]"#;
    let (code, text) = check("", &[("MEETFRAME__TENANTS", value)]);
    assert_eq!(code, 0, "{text}");
    let line = "require_token = true # environment variable MEETFRAME__TENANTS";
    assert!(text.contains(line), "{text}");
    let (code, text) = check("", &[("MEETFRAME__TENANTS", "[{event_secret=\"hush\"")]);
    assert_eq!(code, 78, "{text}");
    assert!(text.contains("MEETFRAME__TENANTS"), "{text}");
}

#[test]
fn broken_line_is_not_quoted_when_it_is_told() {
    refused(
        &format!("[[tenants]]\nevent_secret = \"{SECRET}\nlanguage = \"de\"\n"),
        &["meetframe.toml", "line 2"],
    );
    refused(
        "[[tenants]]\nevent_secret = 5\n",
        &["event_secret", "in quotes"],
    );
    refused("[[tenants]]\njwt_keys = \"hush\"\n", &["jwt_keys", "kid"]);
}

#[test]
fn wrong_values_name_tenant_and_key() {
    for (line, words) in [
        (
            "hostname = \"a.example:80\"",
            &["tenants.0.hostname", "a.example:80"][..],
        ),
        ("hostname = \"a/b\"", &["tenants.0.hostname"]),
        (
            "require_token = \"yes\"",
            &["require_token", "true or false"],
        ),
        ("requiretoken = true", &["requiretoken", "require_token"]),
        (
            "embed_origins = [\"lms.example.org\"]",
            &["embed_origins", "https://"],
        ),
        (
            "embed_origins = [\"https://a.example/x\"]",
            &["embed_origins"],
        ),
        (
            "embed_origins = [\"https://a.example; script-src *\"]",
            &["embed_origins"],
        ),
        (
            "access_url = \"http://a.example/\"",
            &["access_url", "https"],
        ),
        (
            "access_url = \"https://x:hush@a.example/\"",
            &["access_url", "password"],
        ),
        ("event_url = \"here\"", &["event_url", "no URL"]),
        (
            "access_authorization = \"a\\nb\"",
            &["access_authorization"],
        ),
        ("event_secret = \"hush\"", &["event_secret", "whsec_"]),
        ("language = \"german, please\"", &["language"]),
        (
            "token_leeway_seconds = 86400",
            &["token_leeway_seconds", "3600"],
        ),
        ("max_watchers = -1", &["max_watchers"]),
        (
            "brand = { accent = \"green\" }",
            &["brand.accent", "#0a7a3f"],
        ),
        ("brand = { logo = \"//evil.example/x\" }", &["brand.logo"]),
        ("brand = { name = \" \" }", &["brand.name"]),
        ("brand = { colour = \"#000000\" }", &["colour", "accent"]),
    ] {
        refused(&format!("[[tenants]]\n{line}\n"), words);
    }
    refused(
        "[[tenants]]\n[[tenants]]\nhostname = \"lms.example.org\"\nlanguage = \"?\"\n",
        &["tenants.1.language", "lms.example.org", "meetframe.toml"],
    );
}

#[test]
fn one_default_and_each_host_once() {
    refused(
        "[[tenants]]\nhostname = \"a.example\"\n",
        &["tenants", "\"*\""],
    );
    refused("[[tenants]]\n[[tenants]]\n", &["tenants.1.hostname"]);
    refused(
        "[[tenants]]\n[[tenants]]\nhostname = \"a.example\"\n[[tenants]]\nhostname = \"A.example\"\n",
        &["tenants.2.hostname"],
    );
}

#[test]
fn weak_and_wrong_keys_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    let weak = RsaPrivateKey::new(&mut OsRng, 1_024).expect("a key");
    let weak = weak.to_public_key().to_public_key_pem(LineEnding::LF);
    write("weak.pub", &weak.expect("PEM"));
    let modulus = BigUint::from_bytes_be(&[0xff; 600]);
    let large = RsaPublicKey::new_with_max_size(modulus, BigUint::from(65_537_u32), 8_192);
    let large = large.expect("a key").to_public_key_pem(LineEnding::LF);
    write("large.pub", &large.expect("PEM"));
    write("private.pem", include_str!("keys/rs256-private.pem"));
    write("good.pub", PUBLIC_KEY);
    let old_form = <RsaPublicKey as rsa::pkcs8::DecodePublicKey>::from_public_key_pem(PUBLIC_KEY);
    let old_form = old_form.expect("a key").to_pkcs1_pem(LineEnding::LF);
    write("pkcs1.pub", &old_form.expect("PEM"));
    for (key, word) in [
        (r#"alg = "HS256""#, "needs a secret"),
        (r#"alg = "HS256", secret = "hush""#, "4 bytes"),
        (
            r#"alg = "HS256", secret = "hush5678901234567890123456789012", public_key_file = "good.pub""#,
            "no public_key_file",
        ),
        (r#"alg = "RS256""#, "needs a public_key_file"),
        (
            r#"alg = "RS256", secret = "hush5678901234567890123456789012""#,
            "no secret",
        ),
        (
            r#"alg = "RS256", public_key_file = "none.pub""#,
            "cannot read none.pub",
        ),
        (
            r#"alg = "RS256", public_key_file = "weak.pub""#,
            "1024 bits",
        ),
        (
            r#"alg = "RS256", public_key_file = "large.pub""#,
            "4096 bits",
        ),
        (
            r#"alg = "RS256", public_key_file = "private.pem""#,
            "no RSA public key",
        ),
        (r#"alg = "none""#, "HS256, RS256"),
        (
            r#"alg = "HS512", secret = "hush5678901234567890123456789012""#,
            "HS256, RS256",
        ),
    ] {
        let file = format!("[[tenants]]\njwt_keys = [{{ kid = \"a\", {key} }}]\n");
        let (code, text) = check_in(folder, &file, &[]);
        assert_eq!(code, 78, "{key}\n{text}");
        assert!(
            text.contains(word) && text.contains("jwt_keys"),
            "{key}\n{text}"
        );
    }
    for good in ["good.pub", "pkcs1.pub"] {
        let file = format!(
            "[[tenants]]\njwt_keys = [{{ kid = \"a\", alg = \"RS256\", public_key_file = \"{good}\" }}]\n"
        );
        let (code, text) = check_in(folder, &file, &[]);
        assert_eq!(code, 0, "{text}");
    }
}

#[test]
fn keys_have_names_of_their_own() {
    let key = format!("{{ kid = \"a\", alg = \"HS256\", secret = \"{SECRET}\" }}");
    refused(
        &format!("[[tenants]]\njwt_keys = [{key}, {key}]\n"),
        &["tenants.0.jwt_keys.1.kid", "another key"],
    );
    let nameless = key.replace("\"a\"", "\"\"");
    refused(
        &format!("[[tenants]]\njwt_keys = [{nameless}]\n"),
        &["jwt_keys.0.kid"],
    );
}

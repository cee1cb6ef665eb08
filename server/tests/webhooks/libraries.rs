//! Signatures, checked by the libraries that receivers use. `cargo xtask setup`
//! installs them: the npm package in `end2end/`, the PyPI package in
//! `target/python`; the variable `MEETFRAME_TEST_PYTHON` names another Python
//! that has it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::{
    hooks::{SECRET, come, go, pair},
    support::receiver::Asked,
};

const NODE: &str = r#"
const { Webhook } = require("standardwebhooks");
const { secret, body, headers } = JSON.parse(process.argv[1]);
const event = new Webhook(secret).verify(body, headers);
if (event.event !== "connected") throw new Error("another body");
try {
  new Webhook(secret).verify(body.replace("ada", "bob"), headers);
} catch {
  process.exit(0);
}
throw new Error("a changed body passed");
"#;

const PYTHON: &str = r#"
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError
given = json.loads(sys.argv[1])
event = Webhook(given["secret"]).verify(given["body"], given["headers"])
assert event["event"] == "connected"
try:
    Webhook(given["secret"]).verify(given["body"].replace("ada", "bob"), given["headers"])
except WebhookVerificationError:
    sys.exit(0)
sys.exit("a changed body passed")
"#;

/// A real message, as JSON for a program.
async fn message() -> String {
    let (server, mut receiver) = pair().await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    let asked: Asked = receiver.asked().await;
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers = names.map(|name| (name, asked.header(name).expect("a header")));
    let headers = serde_json::Map::from_iter(headers.map(|(k, v)| (k.to_owned(), v.into())));
    json!({ "secret": SECRET, "body": asked.body, "headers": headers }).to_string()
}

fn root() -> &'static Path {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the folder of the workspace")
}

fn check(program: &Path, flag: &str, script: &str, message: &str) {
    let run = Command::new(program)
        .args([flag, script, message])
        .current_dir(root().join("end2end"))
        .output();
    let missing = "is what it needs missing? `cargo xtask setup` installs it";
    let output = run.unwrap_or_else(|error| panic!("{}: {error}; {missing}", program.display()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{missing}");
}

// proves webhook.joinPeer
#[tokio::test]
async fn npm_package_takes_our_signatures() {
    check(Path::new("node"), "-e", NODE, &message().await);
}

// proves webhook.joinPeer
#[tokio::test]
async fn pypi_package_takes_our_signatures() {
    let own = || root().join("target/python/bin/python").into_os_string();
    let python = std::env::var_os("MEETFRAME_TEST_PYTHON").unwrap_or_else(own);
    check(&PathBuf::from(python), "-c", PYTHON, &message().await);
}

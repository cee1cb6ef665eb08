//! How much of the contract with integrators is proven by tests.
//!
//! `docs/contract.json` lists what they rely on, each with an id. A Rust test
//! names what it proves in a comment, `// proves attr.lang, attr.role`; a story
//! in its title, `test('… [attr.lang]')`. An id that the contract does not have
//! is an error: it is mistyped. One that no test names fails the check, so that
//! nothing gets lost.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{summary::Tally, workspace::Workspace};

/// Where tests are.
const CRATES: [&str; 6] = ["app", "client", "media", "protocol", "server", "sfu"];
const STORIES: &str = "end2end/tests";

/// One kind of items, such as attributes.
struct Group {
    name: String,
    ids: BTreeSet<String>,
}

/// Which ids of the contract bear a test.
struct Coverage {
    groups: Vec<Group>,
    proven: BTreeSet<String>,
}

impl Coverage {
    /// Reads the contract and all tests.
    fn read(workspace: &Workspace) -> Result<Self> {
        let groups = groups(&workspace.root.join("docs/contract.json"))?;
        let mut proven = BTreeSet::new();
        for name in CRATES {
            files(&workspace.root.join(name), "rs", &mut |text| {
                proven.extend(in_rust(text));
            })?;
        }
        files(&workspace.root.join(STORIES), "ts", &mut |text| {
            proven.extend(in_story(text));
        })?;
        let coverage = Self { groups, proven };
        coverage.knows_all()?;
        Ok(coverage)
    }

    /// One line: `proven: attributes 31/31, methods 0/29, …`.
    fn line(&self) -> String {
        let counts: Vec<String> = self
            .groups
            .iter()
            .map(|group| {
                let proven = group.ids.intersection(&self.proven).count();
                format!("{} {proven}/{}", group.name, group.ids.len())
            })
            .collect();
        format!("proven: {}", counts.join(", "))
    }

    /// The ids without a test.
    fn missing(&self) -> impl Iterator<Item = &str> {
        let ids = self.groups.iter().flat_map(|group| &group.ids);
        ids.filter(|id| !self.proven.contains(*id))
            .map(String::as_str)
    }

    /// One check: it fails while an id has no test.
    fn tally(&self) -> Tally {
        match self.missing().next() {
            None => Tally::PASSED,
            Some(_) => Tally::FAILED,
        }
    }

    fn knows_all(&self) -> Result<()> {
        let known = |id: &&String| self.groups.iter().any(|group| group.ids.contains(*id));
        let unknown: Vec<_> = self.proven.iter().filter(|id| !known(id)).collect();
        ensure!(
            unknown.is_empty(),
            "tests name what is not in docs/contract.json: {unknown:?}"
        );
        Ok(())
    }
}

/// Says what is proven and what is not. A contract or a test that cannot be read
/// fails the check as well, and does not keep the suites' result from being told.
pub(crate) fn check(workspace: &Workspace) -> Tally {
    match Coverage::read(workspace) {
        Ok(coverage) => {
            coverage.missing().for_each(|id| eprintln!("no test: {id}"));
            eprintln!("{}", coverage.line());
            coverage.tally()
        }
        Err(error) => {
            eprintln!("contract: {error:#}");
            Tally::FAILED
        }
    }
}

fn groups(file: &Path) -> Result<Vec<Group>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let contract: Value = serde_json::from_str(&text)?;
    let sections = contract.as_object().context("the contract is an object")?;
    let group = |(name, items): (&String, &Value)| {
        let ids = items.as_array()?.iter();
        Some(Group {
            name: name.clone(),
            ids: ids
                .filter_map(|item| Some(item["id"].as_str()?.to_owned()))
                .collect(),
        })
    };
    Ok(sections.iter().filter_map(group).collect())
}

/// Reads all files of a folder that end so; `target` and packages are not ours.
fn files(folder: &Path, ending: &str, read: &mut impl FnMut(&str)) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path: PathBuf = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "node_modules" && name != "target" {
            files(&path, ending, read)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            read(&fs::read_to_string(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(())
}

/// The ids in lines such as `// proves attr.lang, attr.role`. Whatever such a
/// line names has to be one, or it would count for nothing and nobody would know.
fn in_rust(text: &str) -> Vec<String> {
    let lists = text.lines().filter_map(|line| {
        let comment = line.trim_start().trim_start_matches('/').trim_start();
        comment.strip_prefix("proves ")
    });
    lists.flat_map(ids).collect()
}

/// The ids in brackets, such as `[attr.lang, attr.role]`, of the titles.
fn in_story(text: &str) -> Vec<String> {
    let titles = text.lines().filter(|line| {
        let line = line.trim_start();
        ["test(", "test.", "'", "`", "\""]
            .iter()
            .any(|start| line.starts_with(start))
    });
    let brackets = titles.flat_map(|line| line.split('[').skip(1));
    let lists = brackets.filter_map(|rest| Some(rest.split_once(']')?.0));
    lists
        .filter(|list| list.contains('.'))
        .flat_map(ids)
        .filter(|id| is_id(id))
        .collect()
}

/// `rest.GET /path` has a space inside, so only commas divide.
fn ids(list: &str) -> Vec<String> {
    let ids = list.split(',').map(|id| id.trim().trim_end_matches('.'));
    ids.map(str::to_owned).collect()
}

/// Titles have brackets of other kinds, too.
fn is_id(text: &str) -> bool {
    let kinds = [
        "attr.",
        "method.",
        "event.",
        "rest.",
        "webhook.",
        "access.",
        "moderator.",
    ];
    kinds.iter().any(|kind| text.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_what_a_rust_test_proves() {
        let text = "    // proves attr.lang, rest.GET /rooms/:roomId/exists\n#[test]\n// it proves nothing";
        assert_eq!(
            in_rust(text),
            ["attr.lang", "rest.GET /rooms/:roomId/exists"]
        );
    }

    #[test]
    fn a_title_names_what_a_story_proves() {
        let text =
            "test('a language [attr.lang, attr.role]', async () => {\n  const x = rows[attr.no];\n";
        assert_eq!(in_story(text), ["attr.lang", "attr.role"]);
    }

    #[test]
    fn an_id_without_a_test_fails_and_an_unknown_one_is_an_error() {
        let named = |text: &str| Coverage {
            groups: vec![Group {
                name: "attributes".to_owned(),
                ids: ids("attr.lang, attr.role").into_iter().collect(),
            }],
            proven: in_rust(text).into_iter().collect(),
        };
        let all = named("// proves attr.lang, attr.role");
        assert_eq!(all.tally(), Tally::PASSED);
        let half = named("// proves attr.lang");
        assert_eq!(half.tally(), Tally::FAILED);
        assert_eq!(half.missing().collect::<Vec<_>>(), ["attr.role"]);
        for wrong in ["// proves attr.rule", "// proves rate_limit"] {
            assert!(named(wrong).knows_all().is_err(), "{wrong}");
        }
    }
}

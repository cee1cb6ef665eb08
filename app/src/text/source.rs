//! A text file while it is read. On the server by `serde_json`; in the browser
//! by the browser's own parser, which is there already and adds nothing to the
//! page's program.
//!
//! Reading cannot fail: a word that is missing is its key. The tests of
//! [`super::files`] prove that none is, in any language.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::JsValue as Node;

#[cfg(not(target_arch = "wasm32"))]
use serde_json::Value as Node;

/// An object of a text file.
pub(super) struct Source<'a> {
    tag: &'static str,
    node: Node,
    #[cfg(not(target_arch = "wasm32"))]
    place: String,
    complaints: &'a Complaints,
}

/// What is wrong with a file; only tests listen.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    #[cfg(not(target_arch = "wasm32"))]
    list: std::cell::RefCell<Vec<String>>,
}

impl<'a> Source<'a> {
    /// The file's language.
    pub(super) fn tag(&self) -> &'static str {
        self.tag
    }

    /// A word that stays for as long as the page: there is one copy of it for
    /// each language that is shown.
    pub(super) fn string(&self, key: &'static str) -> &'static str {
        match self.text(key) {
            Some(text) => Box::leak(text.into_boxed_str()),
            None => key,
        }
    }
}

#[cfg(target_arch = "wasm32")]
impl<'a> Source<'a> {
    /// Reads a file.
    pub(super) fn parse(tag: &'static str, json: &str, complaints: &'a Complaints) -> Self {
        Self {
            tag,
            node: js_sys::JSON::parse(json).unwrap_or(Node::UNDEFINED),
            complaints,
        }
    }

    /// The object under a key.
    pub(super) fn section(&self, key: &'static str) -> Source<'a> {
        Self {
            tag: self.tag,
            node: self.get(key),
            complaints: self.complaints,
        }
    }

    /// Nothing to do: tests have looked.
    #[inline]
    pub(super) fn nothing_but(&self, _keys: &[&str]) {}

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).as_string()
    }

    /// Undefined where there is nothing, or nothing to ask.
    fn get(&self, key: &str) -> Node {
        js_sys::Reflect::get(&self.node, &Node::from_str(key)).unwrap_or(Node::UNDEFINED)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<'a> Source<'a> {
    /// Reads a file.
    pub(super) fn parse(tag: &'static str, json: &str, complaints: &'a Complaints) -> Self {
        let node = serde_json::from_str(json).unwrap_or_else(|error| {
            complaints.add(format!("{tag}: {error}"));
            Node::Null
        });
        Self {
            tag,
            node,
            place: tag.to_owned(),
            complaints,
        }
    }

    /// The object under a key.
    pub(super) fn section(&self, key: &'static str) -> Source<'a> {
        let node = self.node.get(key).cloned().unwrap_or(Node::Null);
        let place = format!("{} / {key}", self.place);
        if !node.is_object() {
            self.complaints.add(format!("{place}: missing"));
        }
        Self {
            tag: self.tag,
            node,
            place,
            complaints: self.complaints,
        }
    }

    /// Complains of every other key.
    pub(super) fn nothing_but(&self, keys: &[&str]) {
        for key in self.node.as_object().into_iter().flat_map(|all| all.keys()) {
            if !keys.contains(&key.as_str()) {
                self.complaints
                    .add(format!("{} / {key}: superfluous", self.place));
            }
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        let text = self.node.get(key).and_then(Node::as_str);
        if text.is_none_or(|text| text.trim().is_empty()) {
            self.complaints
                .add(format!("{} / {key}: missing or empty", self.place));
        }
        text.map(str::to_owned)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Complaints {
    fn add(&self, complaint: String) {
        self.list.borrow_mut().push(complaint);
    }

    /// All of them.
    #[cfg(test)]
    pub(super) fn into_list(self) -> Vec<String> {
        self.list.into_inner()
    }
}

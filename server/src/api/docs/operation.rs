//! One endpoint, for people.

use std::fmt::Write;

use serde_json::Value;

use super::{
    html::{escape, prose, words},
    schema::Shapes,
};

/// An endpoint of the document.
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) value: &'a Value,
}

const BODY: &str = "/requestBody/content/application~1json/schema";

impl<'a> Operation<'a> {
    pub(super) fn summary(&self) -> &'a str {
        self.value["summary"].as_str().unwrap_or(self.path)
    }

    pub(super) fn tag(&self) -> &'a str {
        self.value
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or("Other")
    }

    pub(super) fn id(&self) -> String {
        let id = self.value["operationId"].as_str().unwrap_or_default();
        escape(id)
    }

    fn is_open(&self) -> bool {
        self.value["security"] == serde_json::json!([{}])
    }

    /// Its section of the page.
    pub(super) fn section(&self, shapes: Shapes<'a>) -> String {
        let about = prose(self.value["description"].as_str().unwrap_or_default());
        let deprecated = match self.value["deprecated"] == true {
            true => " <small class=\"old\">deprecated</small>",
            false => "",
        };
        format!(
            "<section id=\"{id}\"><h3>{summary}{deprecated}</h3>\
             <p class=\"where\"><span class=\"method {method}\">{upper}</span> \
             <code>{path}</code></p>{about}{parameters}{body}\
             <pre tabindex=\"0\" aria-label=\"Example\"><code>{curl}</code></pre>\
             {responses}</section>",
            id = self.id(),
            summary = escape(self.summary()),
            method = escape(self.method),
            upper = self.method.to_uppercase(),
            path = escape(self.path),
            parameters = self.parameters(shapes),
            body = self.body(shapes),
            curl = escape(&self.curl(shapes)),
            responses = self.responses(shapes),
        )
    }

    fn parameters(&self, shapes: Shapes<'a>) -> String {
        let all = self.value["parameters"].as_array();
        let rows: String = all
            .into_iter()
            .flatten()
            .map(|one| row(one, shapes))
            .collect();
        match rows.is_empty() {
            true => rows,
            false => format!(
                "<h4>Parameters</h4><div class=\"table\"><table><tbody>{rows}</tbody></table></div>"
            ),
        }
    }

    fn body(&self, shapes: Shapes<'a>) -> String {
        let Some(schema) = self.value.pointer(BODY) else {
            return String::new();
        };
        format!("<h4>Body</h4>{}", shapes.fields(schema))
    }

    fn curl(&self, shapes: Shapes<'a>) -> String {
        let mut text = String::from("curl");
        if self.method != "get" {
            write!(text, " -X {}", self.method.to_uppercase()).expect("a String takes all");
        }
        write!(text, " 'https://meet.example.org{}'", self.path).expect("a String takes all");
        if !self.is_open() {
            text.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
        }
        if let Some(schema) = self.value.pointer(BODY) {
            let body = shapes.example(schema);
            write!(
                text,
                " \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"
            )
            .expect("a String takes all");
        }
        text
    }

    fn responses(&self, shapes: Shapes<'a>) -> String {
        let all = self.value["responses"].as_object();
        let (mut good, mut bad) = (String::new(), Vec::new());
        for (status, response) in all.into_iter().flatten() {
            let about = words(response["description"].as_str().unwrap_or_default());
            let status = escape(status);
            if !status.starts_with('2') {
                bad.push(format!("<li><code>{status}</code> {about}</li>"));
                continue;
            }
            write!(good, "<h4><code>{status}</code> {about}</h4>").expect("a String takes all");
            if let Some(schema) = response.pointer("/content/application~1json/schema") {
                good.push_str(&answer(schema, shapes));
            }
        }
        format!(
            "{good}<details><summary>Refusals</summary><ul>{}</ul></details>",
            bad.concat()
        )
    }
}

fn answer(schema: &Value, shapes: Shapes<'_>) -> String {
    let fields = shapes.fields(schema);
    match fields.is_empty() {
        true => format!("<p>{}</p>", shapes.kind(schema)),
        false => fields,
    }
}

fn row(parameter: &Value, shapes: Shapes<'_>) -> String {
    let needed = match parameter["required"] == true {
        true => "",
        false => " <small>optional</small>",
    };
    let text = |key: &str| parameter[key].as_str().unwrap_or_default();
    format!(
        "<tr><th scope=\"row\"><code>{}</code>{needed}</th>\
         <td><small>{} · {}</small>{}</td></tr>",
        escape(text("name")),
        escape(text("in")),
        shapes.kind(&parameter["schema"]),
        words(text("description")),
    )
}

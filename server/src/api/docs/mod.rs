//! `/api/docs`: the OpenAPI document for people, and `/api/errors`: the codes.
//!
//! Rendered once, from the document itself, without scripts: the pages work in
//! every browser, and nothing of them comes from anywhere else.

mod html;
mod operation;
mod schema;

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use self::{
    html::{escape, page, prose},
    operation::Operation,
    schema::Shapes,
};
use super::Code;

const STYLE: &str = include_str!("docs.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The pages.
pub(super) fn served<S: Clone + Send + Sync + 'static>(document: &OpenApi) -> Router<S> {
    let document = serde_json::to_value(document).expect("the document is plain values");
    let (docs, errors) = (overview(&document), errors());
    Router::new()
        .route("/api/docs", get(async move || framed(docs)))
        .route("/api/errors", get(async move || framed(errors)))
        .route("/api/docs.css", get(style))
}

fn framed(page: String) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(page))
}

async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, STYLE)
}

fn overview(document: &Value) -> String {
    let operations = operations(document);
    let tags = tags(document, &operations);
    let shapes = Shapes(document);
    let about = document
        .pointer("/info/description")
        .and_then(Value::as_str);
    let sections: String = tags
        .iter()
        .map(|(tag, about)| {
            let those = operations.iter().filter(|one| one.tag() == *tag);
            let those: String = those.map(|one| one.section(shapes)).collect();
            format!(
                "<h2 id=\"{0}\">{1}</h2>{2}{those}",
                slug(tag),
                escape(tag),
                prose(about)
            )
        })
        .collect();
    let main = format!(
        "<h1>REST API</h1>{}{sections}{}",
        prose(about.unwrap_or_default()),
        shapes_section(shapes)
    );
    page("REST API", &navigation(&tags, &operations), &main)
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object();
    let all = paths.into_iter().flatten().flat_map(|(path, item)| {
        let of = move |method: &'static str| {
            item.get(method).map(|value| Operation {
                path,
                method,
                value,
            })
        };
        METHODS.into_iter().filter_map(of)
    });
    all.collect()
}

/// The tags in the document's order, and those that it does not explain.
fn tags<'a>(document: &'a Value, operations: &[Operation<'a>]) -> Vec<(&'a str, &'a str)> {
    let known = document["tags"].as_array().into_iter().flatten();
    let mut tags: Vec<(&str, &str)> = known
        .filter_map(|tag| {
            let about = tag["description"].as_str().unwrap_or_default();
            Some((tag["name"].as_str()?, about))
        })
        .collect();
    for operation in operations {
        if !tags.iter().any(|(tag, _)| *tag == operation.tag()) {
            tags.push((operation.tag(), ""));
        }
    }
    tags.retain(|(tag, _)| operations.iter().any(|one| one.tag() == *tag));
    tags
}

fn navigation(tags: &[(&str, &str)], operations: &[Operation<'_>]) -> String {
    let groups: String = tags
        .iter()
        .map(|(tag, _)| {
            let those = operations.iter().filter(|one| one.tag() == *tag);
            let links: String = those.map(link).collect();
            format!(
                "<h2><a href=\"#{}\">{}</a></h2><ul>{links}</ul>",
                slug(tag),
                escape(tag)
            )
        })
        .collect();
    format!(
        "<nav class=\"contents\" aria-label=\"Contents\"><details open>\
         <summary>Contents</summary>{groups}\
         <h2><a href=\"#schemas\">Schemas</a></h2></details></nav>"
    )
}

fn link(operation: &Operation<'_>) -> String {
    format!(
        "<li><a href=\"#{}\"><span class=\"method {method}\">{}</span> {}</a></li>",
        operation.id(),
        operation.method.to_uppercase(),
        escape(operation.summary()),
        method = escape(operation.method),
    )
}

fn shapes_section(shapes: Shapes<'_>) -> String {
    let all = shapes
        .0
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let all: String = all
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let fields = shapes.fields(schema);
            let shape = match fields.is_empty() {
                true => format!("<p>{}</p>", shapes.kind(schema)),
                false => fields,
            };
            let about = prose(schema["description"].as_str().unwrap_or_default());
            let name = escape(name);
            format!("<section id=\"schema-{name}\"><h3>{name}</h3>{about}{shape}</section>")
        })
        .collect();
    format!("<h2 id=\"schemas\">Schemas</h2>{all}")
}

fn slug(tag: &str) -> String {
    let letters = tag.chars().filter(char::is_ascii_alphanumeric);
    format!("tag-{}", letters.collect::<String>().to_lowercase())
}

fn errors() -> String {
    let rows: String = Code::ALL
        .iter()
        .map(|code| {
            let meaning = code.meaning();
            format!(
                "<tr id=\"{name}\"><th scope=\"row\"><code>{name}</code></th><td>{status}</td>\
                 <td>{title}.<br>{advice}</td></tr>",
                name = meaning.name,
                status = meaning.status.as_u16(),
                title = escape(meaning.title),
                advice = escape(meaning.advice),
            )
        })
        .collect();
    let main = format!(
        "<h1>Errors</h1><p>Every refusal is <code>application/problem+json</code> (RFC 9457) \
         with one of these codes in <code>code</code>. <code>detail</code>, which is repeated in \
         <code>errors</code>, says what is wrong with the request.</p>\
         <div class=\"table\"><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th>\
         </tr></thead><tbody>{rows}</tbody></table></div>"
    );
    page("Errors", "", &main)
}

//! Shapes of bodies: as tables for people, as examples for `curl`.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::html::{escape, words};

/// The document, in which `$ref` is looked up.
#[derive(Clone, Copy)]
pub(super) struct Shapes<'a>(pub(super) &'a Value);

/// Deeper examples say no more.
const DEPTH: usize = 6;

impl<'a> Shapes<'a> {
    /// The schema that a reference names, or the schema itself.
    pub(super) fn resolve(self, schema: &'a Value) -> &'a Value {
        let named = schema["$ref"]
            .as_str()
            .and_then(|name| name.strip_prefix('#'));
        named
            .and_then(|pointer| self.0.pointer(pointer))
            .unwrap_or(schema)
    }

    /// What kind of value it is, in a few words.
    pub(super) fn kind(self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next())
        {
            return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
        }
        for of in ["oneOf", "anyOf", "allOf"] {
            if let Some(kinds) = schema[of].as_array() {
                let kinds: Vec<String> = kinds.iter().map(|kind| self.kind(kind)).collect();
                return kinds.join(if of == "allOf" { " and " } else { " or " });
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().filter_map(Value::as_str).map(escape);
            return values
                .map(|value| format!("<code>{value}</code>"))
                .collect::<Vec<_>>()
                .join(" ");
        }
        if schema["items"].is_object() {
            return format!("list of {}", self.kind(&schema["items"]));
        }
        let mut kind = match &schema["type"] {
            Value::String(kind) => kind.clone(),
            Value::Array(kinds) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                kinds.join(" or ")
            }
            _ => "anything".to_owned(),
        };
        if let Some(format) = schema["format"].as_str() {
            // sizes of numbers are of no interest here
            if !format.starts_with("int") && !format.starts_with("uint") {
                write!(kind, ", {format}").expect("writing to a String never fails");
            }
        }
        for (key, word) in [
            ("minimum", "from"),
            ("maximum", "to"),
            ("minLength", "at least"),
            ("maxLength", "at most"),
        ] {
            if let Some(bound) = schema[key].as_u64().filter(|bound| *bound > 0) {
                let unit = if key.ends_with("Length") {
                    " characters"
                } else {
                    ""
                };
                write!(kind, ", {word} {bound}{unit}").expect("writing to a String never fails");
            }
        }
        escape(&kind)
    }

    /// The fields of a schema: a table, or nothing if it has none.
    pub(super) fn fields(self, schema: &'a Value) -> String {
        let rows: String = self
            .properties(schema)
            .iter()
            .map(|(name, field, required)| self.row(name, field, *required))
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        format!("<div class=\"table\"><table><tbody>{rows}</tbody></table></div>")
    }

    fn row(self, name: &str, field: &Value, required: bool) -> String {
        let needed = if required {
            ""
        } else {
            " <small>optional</small>"
        };
        let about = field["description"].as_str().unwrap_or_default();
        format!(
            "<tr><th scope=\"row\"><code>{}</code>{needed}</th><td><small>{}</small>{}</td></tr>",
            escape(name),
            self.kind(field),
            words(about),
        )
    }

    fn properties(self, schema: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
        let schema = self.resolve(schema);
        if let Some(parts) = schema["allOf"].as_array() {
            let all = parts.iter().flat_map(|part| self.properties(part));
            return all.collect();
        }
        let required = schema["required"].as_array();
        let needed = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let fields = schema["properties"].as_object();
        fields
            .into_iter()
            .flatten()
            .map(|(name, field)| (name.as_str(), field, needed(name)))
            .collect()
    }

    /// A value that would be right.
    pub(super) fn example(self, schema: &'a Value) -> Value {
        self.example_at(schema, DEPTH)
    }

    fn example_at(self, schema: &'a Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        for given in ["example", "default"] {
            if !schema[given].is_null() {
                return schema[given].clone();
            }
        }
        if let Some(first) = schema.pointer("/examples/0").or(schema.pointer("/enum/0")) {
            return first.clone();
        }
        let kinds = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        if let Some(kind) = kinds.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return self.example_at(kind, depth);
        }
        if depth == 0 {
            return Value::Null;
        }
        let fields = self.properties(schema);
        if !fields.is_empty() {
            let values = fields
                .into_iter()
                .map(|(name, field, _)| (name.to_owned(), self.example_at(field, depth - 1)));
            return Value::Object(values.collect::<Map<_, _>>());
        }
        match schema["type"]
            .as_str()
            .or(schema.pointer("/type/0").and_then(Value::as_str))
        {
            Some("array") => json!([self.example_at(&schema["items"], depth - 1)]),
            Some("integer" | "number") => schema["minimum"].as_u64().unwrap_or(1).into(),
            Some("boolean") => json!(true),
            Some("object") => json!({}),
            _ => json!("…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_has_what_is_given_and_fills_in_the_rest() {
        let document = json!({"components": {"schemas": {
            "Kind": {"type": "string", "enum": ["call", "webinar"]},
            "Room": {"type": "object", "required": ["kind"], "properties": {
                "kind": {"$ref": "#/components/schemas/Kind"},
                "id": {"type": "string", "example": "lesson"},
                "people": {"type": "array", "items": {"type": "integer", "minimum": 3}},
            }},
        }}});
        let shapes = Shapes(&document);
        let room = json!({"$ref": "#/components/schemas/Room"});
        let right = json!({"kind": "call", "id": "lesson", "people": [3]});
        assert_eq!(shapes.example(&room), right);
        let table = shapes.fields(&room);
        assert!(table.contains("href=\"#schema-Kind\""), "{table}");
        assert!(table.contains("<small>optional</small>"), "{table}");
    }
}

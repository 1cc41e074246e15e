//! What a door's JSON Schema promises to read, so that tests can hold a format to it.

use super::Names;
use serde_json::Value;
use std::collections::BTreeSet;

/// Members that the schema names, at any depth, and none of `known` does. The purposes of consent
/// are left out: they are read in one place for all.
pub(in crate::wire) fn not_read(schema: &str, known: &[Names]) -> BTreeSet<String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let mut named = BTreeSet::new();
    collect(&schema, &mut named);
    named.retain(|name| known.iter().all(|names| names.member(name).is_none()));
    named
}

fn collect(schema: &Value, named: &mut BTreeSet<String>) {
    match schema {
        Value::Array(all) => {
            for one in all {
                collect(one, named);
            }
        }
        Value::Object(parts) => {
            let properties = parts.get("properties").and_then(Value::as_object);
            named.extend(properties.into_iter().flat_map(|all| all.keys().cloned()));
            for (_, part) in parts.iter().filter(|(name, _)| *name != "consent") {
                collect(part, named);
            }
        }
        _ => {}
    }
}

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
    let inside: Vec<&Value> = match schema {
        Value::Array(all) => all.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => return,
    };
    if let Some(properties) = schema["properties"].as_object() {
        named.extend(properties.keys().cloned());
        let others = properties.iter().filter(|(name, _)| *name != "consent");
        others.for_each(|(_, schema)| collect(schema, named));
        let alternatives = schema.get("anyOf");
        alternatives.into_iter().for_each(|all| collect(all, named));
        return;
    }
    inside.into_iter().for_each(|schema| collect(schema, named));
}

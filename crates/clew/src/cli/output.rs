//! Printing: text for people, JSON for programs.

use crate::admin::Reply;
use crate::admin::command::{AuditView, SiteView};
use crate::exposure::Exposures;
use serde_json::{Value, json};
use std::io::Write;

/// Writes a line to stdout; a closed pipe is no error.
pub(super) fn print(text: &str) -> std::io::Result<()> {
    let written = writeln!(std::io::stdout(), "{}", text.trim_end());
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

pub(super) fn reply(reply: &Reply, as_json: bool) -> std::io::Result<()> {
    print(&if as_json {
        json_of(reply).to_string()
    } else {
        text_of(reply)
    })
}

fn json_of(reply: &Reply) -> Value {
    match reply {
        Reply::Site(site) => site_json(site),
        Reply::Sites { sites } => sites.iter().map(site_json).collect(),
        Reply::Key {
            key,
            prefix,
            role,
            scopes,
        } => json!({ "key": key, "prefix": prefix, "role": role, "scopes": scopes }),
        Reply::User {
            id,
            email,
            role,
            link,
        } => {
            json!({ "id": id, "email": email, "role": role, "link": link })
        }
        Reply::Link { email, link } => json!({ "email": email, "link": link }),
        Reply::Rebuilt(rebuilt) => json!(rebuilt),
        Reply::Erasure {
            id,
            status,
            certificate,
        } => {
            let certificate = certificate.as_deref();
            let certificate: Option<Value> =
                certificate.and_then(|text| serde_json::from_str(text).ok());
            json!({ "erasureId": id, "status": status, "certificate": certificate })
        }
        Reply::Exposures(found) => json!(found),
        Reply::Audit(found) => json!(found),
        Reply::Pong { version, pid } => json!({ "version": version, "pid": pid }),
    }
}

fn site_json(site: &SiteView) -> Value {
    json!({
        "id": site.id,
        "slug": site.slug,
        "name": site.name,
        "domains": site.domains,
        "write_key": site.write_key,
        "time_zone": site.time_zone,
    })
}

fn text_of(reply: &Reply) -> String {
    match reply {
        Reply::Site(site) => format!(
            "Created site {}\n  id         {}\n  slug       {}\n  domains    {}\n  write key  {}\n\n\
             Put this into its pages:\n  <script async src=\"https://YOUR-CLEW/c.js\" data-site-id=\"{}\"></script>",
            site.name,
            site.id,
            site.slug.as_deref().unwrap_or("-"),
            site.domains.join(", "),
            site.write_key,
            site.id
        ),
        Reply::Sites { sites } if sites.is_empty() => {
            "There is no site yet; `clew site create --name … --domain …` makes one.".to_owned()
        }
        Reply::Sites { sites } => {
            let lines = sites.iter().map(|site| {
                let slug = site.slug.as_deref().unwrap_or("-");
                format!(
                    "{}  {slug:16}  {}  ({})",
                    site.id,
                    site.name,
                    site.domains.join(", ")
                )
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        Reply::Key {
            key, prefix, role, ..
        } => format!(
            "{key}\n\nThis {role} key is shown only once; Clew keeps a hash of it. \
             You will recognise it by {prefix}.\nUse it as: Authorization: Bearer {prefix}…"
        ),
        Reply::User {
            email, role, link, ..
        } => {
            let made = format!("Created user {email} with the role {role}.");
            match link {
                None => made,
                Some(link) => format!(
                    "{made}\nThey choose a password here, once and within seven days:\n  {link}"
                ),
            }
        }
        Reply::Link { email, link } => {
            format!("{email} can choose another password here, once and within 24 hours:\n  {link}")
        }
        Reply::Erasure {
            id,
            status,
            certificate,
        } => match certificate {
            Some(certificate) => format!("Erasure {id} is {status}.\n{certificate}"),
            None => format!("Erasure {id} is {status}; it is done within 24 hours."),
        },
        Reply::Exposures(found) => exposures_text(found),
        Reply::Rebuilt(rebuilt) => format!(
            "Rebuilt the report store: {} rows in {:.1} s.",
            rebuilt.rows, rebuilt.seconds
        ),
        Reply::Audit(found) => audit_text(found),
        Reply::Pong { version, pid } => format!("Clew {version} is running (process {pid})."),
    }
}

pub(super) fn audit_text(found: &AuditView) -> String {
    let AuditView { entries, head, .. } = found;
    match (found.broken_at, &found.problem) {
        (Some(seq), Some(problem)) => format!(
            "The audit log does NOT hold from entry {seq} on ({problem}); {entries} entries before \
             it are as they were written."
        ),
        _ => format!("The audit log holds: {entries} entries, the last one {head}."),
    }
}

fn exposures_text(found: &Exposures) -> String {
    let looked = format!(
        "Looked at {} records, {} texts and {} files.",
        found.records, found.texts, found.files
    );
    let lines = found.found.iter().map(|exposure| {
        let mark = if exposure.allowed {
            "allowed"
        } else {
            "FOUND  "
        };
        let site = exposure.site.as_deref().unwrap_or("-");
        format!(
            "{mark}  {}  {}  {}  site {site}  ({} times)",
            exposure.what, exposure.store, exposure.place, exposure.times
        )
    });
    let end = if found.ok {
        "Nothing stands anywhere that must not."
    } else {
        "Something stands where it must not; `clew privacy erase` takes persons out."
    };
    let lines = std::iter::once(looked).chain(lines);
    lines.chain([end.to_owned()]).collect::<Vec<_>>().join("\n")
}

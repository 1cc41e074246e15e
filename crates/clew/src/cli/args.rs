//! Arguments and their help.

use crate::admin::{Command, NewKeySpec, NewSiteSpec, NewUserSpec};
use crate::config::{Config, ConfigError, Overrides};
use clap::{Args, Parser, Subcommand, value_parser};
use clew_core::sample;
use std::io::Read;
use std::path::PathBuf;

/// Self-hosted web analytics: from the first anonymous click to the won deal.
#[derive(Debug, Parser)]
#[command(name = "clew", version, propagate_version = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) task: Task,
    #[command(flatten)]
    pub(super) shared: Shared,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
pub(super) struct Shared {
    /// Folder that holds everything Clew stores [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Configuration file (see `clew config` for all keys)
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl Shared {
    pub(super) fn load(&self, listen: Option<String>) -> Result<Config, ConfigError> {
        Config::load(&Overrides {
            config_file: self.config.clone(),
            data_dir: self.data_dir.clone(),
            listen,
        })
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Start the server
    Serve {
        /// Address and port to listen on [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
    },
    /// Start a server with a year of generated data to look at
    ///
    /// Everything lies in a temporary folder that goes with the server, unless --data-dir names
    /// one.
    Demo {
        /// Address and port to listen on [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
        /// How many events the year has
        #[arg(
            long,
            value_name = "N",
            default_value_t = sample::DEFAULT_EVENTS,
            value_parser = value_parser!(u32)
                .range(i64::from(sample::FEWEST_EVENTS)..=i64::from(sample::MOST_EVENTS)),
        )]
        events: u32,
    },
    /// Create and list sites
    #[command(subcommand)]
    Site(SiteTask),
    /// Create secret API keys
    #[command(subcommand)]
    Key(KeyTask),
    /// Create users and reset their passwords
    #[command(subcommand)]
    User(UserTask),
    /// Bring address databases, which tell countries, cities and networks
    #[command(subcommand)]
    Geo(GeoTask),
    /// Check that nobody has tampered with the audit log
    #[command(subcommand)]
    Audit(AuditTask),
    /// Erase persons, and look for what must not be stored
    #[command(subcommand)]
    Privacy(PrivacyTask),
    /// Check data folder, key file, disk, database and journal
    Doctor,
    /// Make the report store again from journal and archive
    Rebuild,
    /// Print the API description (OpenAPI 3.1)
    Openapi,
    /// Print the commented default configuration
    Config,
}

#[derive(Subcommand)]
pub(super) enum PrivacyTask {
    /// Erase a person from every store, bytes included
    Erase {
        /// Site (id or slug)
        #[arg(long)]
        site: String,
        /// A visitor as events show it, and whoever it is linked to
        #[arg(
            long,
            value_name = "ID",
            conflicts_with_all = ["user", "email"],
            required_unless_present_any = ["user", "email"]
        )]
        visitor: Option<String>,
        /// The id that your site gave to `identify()`
        #[arg(long, value_name = "ID", conflicts_with = "email")]
        user: Option<String>,
        /// Whatever names this e-mail address in a form, and the user with this id
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// Return when it is done and print the certificate
        #[arg(long)]
        wait: bool,
    },
    /// Look through everything for addresses, e-mail addresses and canaries; status 1 when found
    Verify {
        /// A text that must not be found; repeatable
        #[arg(long = "canary", value_name = "TEXT")]
        canaries: Vec<String>,
    },
}

/// User ids and canaries may be e-mail addresses.
impl std::fmt::Debug for PrivacyTask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivacyTask(…)")
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditTask {
    /// Read the whole audit log and say where it does not hold
    Verify,
}

#[derive(Debug, Subcommand)]
pub(super) enum SiteTask {
    /// Create a site and print its id and public write key
    Create {
        #[arg(long)]
        name: String,
        /// Host whose pages may send events; repeatable; `*.example.com` for subdomains
        #[arg(long = "domain", required = true, value_name = "HOST")]
        domains: Vec<String>,
        /// Short name usable wherever the id is
        #[arg(long)]
        slug: Option<String>,
        /// IANA time zone of its reports [default: UTC]
        #[arg(long, value_name = "ZONE")]
        time_zone: Option<String>,
    },
    /// List all sites
    List,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyTask {
    /// Create a secret key; it is shown once
    Create {
        /// admin, marketing or viewer
        #[arg(long)]
        role: String,
        /// Site (id or slug) that the key is limited to; repeatable; all sites when absent
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<String>,
        /// read, manage or ingest; repeatable; what the role allows when absent
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// What the key is for
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum GeoTask {
    /// Download the newest databases, or take one from elsewhere
    ///
    /// Without flags: DB-IP Lite (CC BY 4.0, about 60 MB to download, 130 MB on disk and in
    /// memory), or what `geo.update_url` names. Works while the server runs; it notices the new
    /// file by itself.
    Update {
        /// Countries instead of cities: a tenth of the size
        #[arg(long)]
        country_only: bool,
        /// One database to download instead (.mmdb or .mmdb.gz)
        #[arg(long, value_name = "URL", conflicts_with = "country_only")]
        url: Option<String>,
        /// One database that lies here already
        #[arg(long, value_name = "FILE", conflicts_with_all = ["country_only", "url"])]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UserTask {
    /// Create a user of the dashboard; prints a link for choosing a password
    Create {
        #[arg(long)]
        email: String,
        /// owner, admin, marketing or viewer
        #[arg(long)]
        role: String,
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input instead of making a link
        #[arg(long)]
        password_stdin: bool,
    },
    /// Print a one-time link for choosing another password
    Reset {
        #[arg(long)]
        email: String,
    },
}

impl From<SiteTask> for Command {
    fn from(task: SiteTask) -> Self {
        match task {
            SiteTask::List => Self::SiteList,
            SiteTask::Create {
                name,
                domains,
                slug,
                time_zone,
            } => Self::SiteCreate(NewSiteSpec {
                name,
                domains,
                slug,
                time_zone,
            }),
        }
    }
}

impl From<KeyTask> for Command {
    fn from(task: KeyTask) -> Self {
        let KeyTask::Create {
            role,
            sites,
            scopes,
            name,
        } = task;
        Self::KeyCreate(NewKeySpec {
            role,
            sites,
            scopes,
            name,
        })
    }
}

impl UserTask {
    pub(super) fn into_command(self) -> std::io::Result<Command> {
        let (email, role, name, password_stdin) = match self {
            Self::Reset { email } => return Ok(Command::UserReset { email }),
            Self::Create {
                email,
                role,
                name,
                password_stdin,
            } => (email, role, name, password_stdin),
        };
        let password = if password_stdin {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        } else {
            None
        };
        Ok(Command::UserCreate(NewUserSpec {
            email,
            role,
            name,
            password,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn shared_flags_may_stand_after_the_command() {
        let words = "clew site create --name N --domain d --json --data-dir /d";
        let parsed = Arguments::try_parse_from(words.split(' ')).unwrap();
        assert!(parsed.shared.json);
        assert_eq!(parsed.shared.data_dir, Some("/d".into()));
    }
}

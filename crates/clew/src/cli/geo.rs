//! `clew geo update`: brings address databases, beside a running server.

use super::args::{GeoTask, Shared};
use super::{output, small_runtime};
use crate::geo::{self, Source};
use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(super) fn run(shared: &Shared, task: GeoTask) -> anyhow::Result<()> {
    let GeoTask::Update {
        country_only,
        url,
        file,
    } = task;
    let source = match (url, file) {
        (Some(url), _) => Source::Url(url),
        (None, Some(file)) => Source::File(file),
        (None, None) => Source::Usual { country_only },
    };
    let config = shared.load(None)?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let updated = small_runtime()?
        .block_on(geo::update(&config, &source, today))
        .context("the address databases were not updated; without internet, fetch a .mmdb elsewhere and use --file")?;
    if shared.json {
        return Ok(output::print(&serde_json::to_string(&updated)?)?);
    }
    for database in updated {
        let credit = database.info.attribution.unwrap_or("see its licence");
        let (path, name) = (database.path.display(), &database.info.name);
        output::print(&format!("{name} is in {path} ({credit})"))?;
    }
    Ok(())
}

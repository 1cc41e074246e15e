mod cookie;
mod enrichment;
mod limits;
mod list;
mod origins;
mod post;
mod refusals;
mod retries;

mod cookie;
mod limits;
mod list;
mod origins;
mod post;
mod refusals;
mod retries;

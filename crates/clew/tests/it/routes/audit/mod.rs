mod get;
mod hipaa;
mod idle;

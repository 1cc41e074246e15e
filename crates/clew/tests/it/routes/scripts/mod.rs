mod families;
mod get;

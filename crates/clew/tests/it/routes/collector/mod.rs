mod authority;
mod post;

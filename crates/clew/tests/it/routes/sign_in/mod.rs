mod links;
mod password;
mod set_up;

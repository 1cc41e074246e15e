import "./tracker/prelude";
import "../core";

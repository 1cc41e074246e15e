import "./pixel/prelude";
import "../core";
